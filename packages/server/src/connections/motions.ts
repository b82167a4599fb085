import type { MessagePreview } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'

/** A step of a channel, as much as a bump tells. */
export interface Motion {
  readonly channel: string
  readonly epoch: number
  readonly seq: number
  readonly last: MessagePreview | null
  readonly ordinal: number | null
  readonly closed: boolean
}

/**
 * The latest steps of all channels. A hello learns its list of channels only from the answer; this tells what moved
 * while that was being read. Small: it bridges milliseconds, and a miss costs a preview, not a message.
 */
export class Motions {
  readonly #ring: Motion[] = []
  readonly #most: number
  #count = 0

  constructor(most: number) {
    this.#most = most
  }

  note({ stream, epoch, seq, last, ordinal, closes }: StreamAnnouncement): void {
    this.#ring[this.#count % this.#most] = {
      channel: stream,
      epoch,
      seq,
      last,
      ordinal,
      closed: closes,
    }
    this.#count++
  }

  /** The present moment, for `since`. */
  now(): number {
    return this.#count
  }

  /** The last step of each channel that moved since then. */
  since(moment: number): ReadonlyMap<string, Motion> {
    const moved = new Map<string, Motion>()
    for (let at = Math.max(moment, this.#count - this.#most); at < this.#count; at++) {
      const motion = this.#ring[at % this.#most]
      if (motion)
        moved.set(motion.channel, {
          ...motion,
          last: motion.last ?? moved.get(motion.channel)?.last ?? null,
          ordinal: motion.ordinal ?? moved.get(motion.channel)?.ordinal ?? null,
        })
    }
    return moved
  }
}
