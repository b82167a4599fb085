import type { EventsFrame } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Framing } from '../ports/socket.ts'
import type { Bytes } from './bytes.ts'

/** Events on their way to the connections of this node: framed once, however many there are. */
export interface Delivery {
  /** The newest of them, with the oldest subject of all. */
  readonly announcement: StreamAnnouncement
  readonly bytes: Bytes
  /** Whether some get more than others of the same visibility: then `bytes` are those of nearly everybody. */
  readonly isPersonal: boolean
  /** For a user who sees only messages after `visibleFrom`. */
  bytesFor(visibleFrom: number, uid: string): Bytes
}

/** One event. */
export class SingleDelivery implements Delivery {
  readonly announcement: StreamAnnouncement
  readonly bytes: Bytes
  readonly isPersonal = false
  readonly #framing: Framing<Bytes>
  #skip: Bytes | null = null

  constructor(announcement: StreamAnnouncement, framing: Framing<Bytes>) {
    this.announcement = announcement
    this.#framing = framing
    this.bytes = framing.frame(announcement.frame)
  }

  /** The event, or a frame that only moves the cursor. */
  bytesFor(visibleFrom: number): Bytes {
    const { subjectSeq } = this.announcement
    return subjectSeq !== null && subjectSeq <= visibleFrom ? this.#skipFrame() : this.bytes
  }

  #skipFrame(): Bytes {
    if (this.#skip === null) {
      const { stream, epoch, prev, seq } = this.announcement
      const frame: EventsFrame = {
        type: 'events',
        channel: stream,
        epoch,
        prev,
        seq,
        events: [],
        omitted: 0,
      }
      this.#skip = this.#framing.frame(JSON.stringify(frame))
    }
    return this.#skip
  }
}
