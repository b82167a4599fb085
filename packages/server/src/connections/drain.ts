import { leave, sayBye } from './leaving.ts'
import { type Loop, monotonic } from './loop.ts'

const SLICE_MS = 250

/**
 * Closes every connection within the budget: a few at a time over the window in which the other nodes can take them,
 * each after the answers that it waits for. Resolves when all are gone, at the latest when the budget is spent.
 */
export function drainConnections(loop: Loop, budgetMs: number): Promise<void> {
  const { limits, connections, clock } = loop
  const wish = Math.max(
    limits.reconnectWindowMs,
    (connections.size / limits.handshakesPerSecond) * 1000,
  )
  // Also those who are closed slowly must spread out: where this is the only node, nobody can take them meanwhile, and
  // they would all come in the moment its successor is up.
  loop.drain = { reconnectInMs: [0, Math.ceil(wish)] }
  // The last ones need time for their close frames.
  const window = Math.min(wish, Math.max(0, budgetMs - limits.closeMs))
  loop.admission.closed = true
  const beginAt = monotonic(clock)
  const draining = { total: connections.size, window, beginAt, endAt: beginAt + budgetMs, told: 0 }
  return new Promise((resolve) => slice(loop, { ...draining, resolve }))
}

interface Draining {
  readonly total: number
  /** ms over which they are told, from `beginAt` on. */
  readonly window: number
  readonly beginAt: number
  readonly endAt: number
  told: number
  readonly resolve: () => void
}

function slice(loop: Loop, draining: Draining): void {
  const { connections, closing, timers, clock } = loop
  const now = monotonic(clock)
  const left = draining.endAt - now
  if (left <= 0) endAll(loop)
  else draining.told += closeSome(loop, dueAt(draining, now) - draining.told)
  const done = connections.size === 0 && closing.size === 0
  if (left <= 0 || done) draining.resolve()
  else timers.after(Math.min(SLICE_MS, left), () => slice(loop, draining))
}

/** How many must have been told by now: one at once, the last at the end of the window, then whoever is left. */
function dueAt({ total, window, beginAt }: Draining, now: number): number {
  const elapsed = now - beginAt
  return elapsed >= window ? Number.POSITIVE_INFINITY : Math.floor((total * elapsed) / window) + 1
}

function closeSome(loop: Loop, count: number): number {
  let told = 0
  for (const connection of loop.connections) {
    if (told >= count) break
    if (connection.leaving) continue
    leave(loop, connection)
    told++
  }
  return told
}

/** Says bye to those who are left and cuts what did not answer its close frame. */
function endAll(loop: Loop): void {
  for (const connection of [...loop.connections]) sayBye(loop, connection)
  for (const connection of loop.closing) connection.socket.terminate()
}
