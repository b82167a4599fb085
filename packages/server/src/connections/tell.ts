import type { ServerFrame } from '@tertulia/protocol'
import type { Bytes } from './bytes.ts'
import type { Connection } from './connection.ts'
import type { Loop } from './loop.ts'
import type { Stream } from './stream.ts'

export const encode = (loop: Loop, frame: ServerFrame): Bytes =>
  loop.framing.frame(JSON.stringify(frame))

/** Answers and control frames: never left out. */
export function tell(loop: Loop, connection: Connection, frame: ServerFrame): void {
  if (connection.isClosed()) return
  loop.fanout.add(connection, encode(loop, frame))
}

export interface Event {
  readonly stream: Stream
  readonly bytes: Bytes
}

/** An event of a stream: left out, and noted, while the connection lags. */
export function deliver(loop: Loop, connection: Connection, { stream, bytes }: Event): void {
  if (connection.lag === null) loop.fanout.add(connection, bytes)
  else connection.lag.missed.add(stream)
}

/** Ephemeral frames: dropped when the connection is behind, for the next one says it all again. */
export function offer(loop: Loop, connection: Connection, bytes: Bytes): void {
  if (keepsUp(loop, connection)) loop.fanout.add(connection, bytes)
  else loop.tally.dropped++
}

export const keepsUp = ({ limits }: Loop, { backlog, socket }: Connection): boolean =>
  backlog === null || socket.unsentBytes() <= limits.dropEphemeralBytes
