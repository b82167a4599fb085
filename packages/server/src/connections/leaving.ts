import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Loop } from './loop.ts'
import { tell } from './tell.ts'

/** Ends a connection because the server stops: at once, or after the answers that it still waits for. */
export function leave(loop: Loop, connection: Connection): void {
  connection.leaving = true
  leaveIfDone(loop, connection)
}

/** Called after each answer. */
export function leaveIfDone(loop: Loop, connection: Connection): void {
  if (connection.leaving && connection.inFlight === null) sayBye(loop, connection)
}

/** Ends it whatever it waits for. */
export function sayBye(loop: Loop, connection: Connection): void {
  const [earliest, latest] = loop.drain?.reconnectInMs ?? [0, loop.limits.reconnectWindowMs]
  tell(loop, connection, { type: 'bye', code: 4012, reconnectInMs: [earliest, latest] })
  close(loop, connection, 4012)
}
