import type { StreamAnnouncement } from '../ports/bus.ts'

/** A place in a stream: positions of different epochs are ordered by epoch first. */
export interface Position {
  readonly epoch: number
  readonly seq: number
}

export const isAfter = (one: Position, other: Position): boolean =>
  one.epoch === other.epoch ? one.seq > other.seq : one.epoch > other.epoch

/** What this node knows of a stream that somebody here watches. */
export interface Stream {
  /** As on the wire: the id of the channel, or `@me`. */
  readonly name: string
  readonly epoch: number
  /** The newest seq that was delivered here: repeats of the sweeper are at or below it. */
  delivered: number
  /** The newest seq that is known: delivered, or read with an answer. */
  head: number
  /** Forgets all positions: those of another epoch cannot be compared. */
  beginEpoch(epoch: number): void
}

/** Whether an announcement is news here, and if so, remembers it. */
export function advance(stream: Stream, { epoch, seq }: StreamAnnouncement): boolean {
  if (epoch < stream.epoch || (epoch === stream.epoch && seq <= stream.delivered)) return false
  if (epoch > stream.epoch) stream.beginEpoch(epoch)
  stream.delivered = seq
  stream.head = Math.max(stream.head, seq)
  return true
}

/** Remembers a head that was read from the store. It was not delivered to anybody by that. */
export function learnHead(stream: Stream, { epoch, seq }: Position): void {
  if (epoch < stream.epoch) return
  if (epoch > stream.epoch) stream.beginEpoch(epoch)
  stream.head = Math.max(stream.head, seq)
}
