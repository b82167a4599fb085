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
  const perSlice = Math.ceil(connections.size / Math.max(1, Math.floor(window / SLICE_MS)))
  const endAt = monotonic(clock) + budgetMs
  return new Promise((resolve) => slice(loop, { perSlice, endAt, resolve }))
}

interface Draining {
  readonly perSlice: number
  readonly endAt: number
  readonly resolve: () => void
}

function slice(loop: Loop, draining: Draining): void {
  const { connections, closing, timers, clock } = loop
  const left = draining.endAt - monotonic(clock)
  if (left <= 0) endAll(loop)
  else closeSome(loop, draining.perSlice)
  const done = connections.size === 0 && closing.size === 0
  if (left <= 0 || done) draining.resolve()
  else timers.after(Math.min(SLICE_MS, left), () => slice(loop, draining))
}

function closeSome(loop: Loop, count: number): void {
  let left = count
  for (const connection of loop.connections) {
    if (left === 0) return
    if (connection.leaving) continue
    leave(loop, connection)
    left--
  }
}

/** Says bye to those who are left and cuts what did not answer its close frame. */
function endAll(loop: Loop): void {
  for (const connection of [...loop.connections]) sayBye(loop, connection)
  for (const connection of loop.closing) connection.socket.terminate()
}
