import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Loop } from './loop.ts'
import { monotonic } from './loop.ts'
import type { Stream } from './stream.ts'
import { tell } from './tell.ts'

/** What the network owes a connection, from the first write that it did not take at once until all is taken. */
export interface Backlog {
  /** Bytes handed over since. */
  handed: number
  /** Bytes taken since. */
  taken: number
  /** Monotonic ms at which it took something last. */
  progressAt: number
}

/** The connection gets no events until it has caught up. */
export interface Lag {
  /** The streams with something left out. */
  readonly missed: Set<Stream>
}

/** Called after each write to a connection that is behind. */
export function observeWrite(loop: Loop, connection: Connection, size: number): void {
  const { limits } = loop
  const unsent = connection.socket.unsentBytes()
  const backlog = connection.backlog
  if (backlog === null) startBacklog(loop, connection, unsent)
  else {
    backlog.handed += size
    noteProgress(loop, backlog, unsent)
  }
  // One long answer may be larger than the bound and still be read well: what counts is what waited before it.
  if (unsent - size > limits.tooSlowBytes) closeTooSlow(loop, connection)
  else if (unsent > limits.laggingBytes && connection.lag === null) {
    connection.lag = { missed: new Set() }
    loop.tally.lagging++
  }
}

function startBacklog(loop: Loop, connection: Connection, unsent: number): void {
  const now = monotonic(loop.clock)
  connection.backlog = { handed: unsent, taken: 0, progressAt: now }
  loop.checks.hasten(connection, now + loop.limits.noProgressMs)
}

function noteProgress(loop: Loop, backlog: Backlog, unsent: number): void {
  const taken = backlog.handed - unsent
  if (taken <= backlog.taken) return
  backlog.taken = taken
  backlog.progressAt = monotonic(loop.clock)
}

export function closeTooSlow(loop: Loop, connection: Connection): void {
  loop.tally.tooSlow++
  close(loop, connection, 4020)
}

/** Called when the network took something: ends the lag once little enough waits. */
export function observeProgress(loop: Loop, connection: Connection): void {
  const { backlog } = connection
  if (backlog === null) return
  const unsent = connection.socket.unsentBytes()
  noteProgress(loop, backlog, unsent)
  if (unsent === 0) connection.backlog = null
  if (unsent < loop.limits.caughtUpBytes) catchUp(loop, connection)
}

/** One `gap` per stream that missed something: the client syncs, and from here on gets every event again. */
function catchUp(loop: Loop, connection: Connection): void {
  const { lag } = connection
  connection.lag = null
  for (const { name, epoch, head } of lag?.missed ?? []) {
    loop.tally.gaps++
    tell(loop, connection, { type: 'gap', channel: name, epoch, seq: head })
  }
}

/** The moment at which a connection that is behind must have made progress, or Infinity when it is not behind. */
export const progressDue = (loop: Loop, { backlog }: Connection): number =>
  backlog === null ? Number.POSITIVE_INFINITY : backlog.progressAt + loop.limits.noProgressMs
