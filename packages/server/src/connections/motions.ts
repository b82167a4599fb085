import type { MessagePreview } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'
import { aboveFloor } from './bumps.ts'

/** A step of a channel, as much as a bump tells. */
export interface Motion {
  readonly channel: string
  readonly epoch: number
  readonly seq: number
  readonly last: MessagePreview | null
  readonly ordinal: number | null
  readonly floor: number | null
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

  note({ stream, epoch, seq, last, ordinal, floor }: StreamAnnouncement, closed: boolean): void {
    this.#ring[this.#count % this.#most] = {
      channel: stream,
      epoch,
      seq,
      last,
      ordinal,
      floor,
      closed,
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
      if (motion) moved.set(motion.channel, together(moved.get(motion.channel), motion))
    }
    return moved
  }
}

function together(before: Motion | undefined, motion: Motion): Motion {
  const floor = motion.floor ?? before?.floor ?? null
  return {
    ...motion,
    last: aboveFloor(motion.last ?? before?.last ?? null, floor ?? 0),
    ordinal: motion.ordinal ?? before?.ordinal ?? null,
    floor,
  }
}
