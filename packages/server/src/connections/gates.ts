import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Hub } from './hub.ts'
import { Kept } from './kept.ts'
import { isAfter, type Position } from './stream.ts'

interface Gate extends Position {
  readonly isShut: boolean
}

/**
 * Which channels are shut until further notice, as far as this node heard. The sweeper repeats, so an old word that a
 * channel is shut may come after the one that opened it: it must not end the interest of those who came back.
 */
export class Gates {
  readonly #latest: Kept<Gate>

  constructor(most: number) {
    this.#latest = new Kept(most)
  }

  isShut(stream: string): boolean {
    return this.#latest.get(stream)?.isShut ?? false
  }

  /** Whether all interest in the channel ends with this. Ask before it is delivered. */
  ends(announcement: StreamAnnouncement, hub: Hub | undefined): boolean {
    const { gate, closes } = announcement
    if (gate === null) return closes
    return this.#isNews(announcement) && closes && !(hub && wasReadSince(hub, announcement))
  }

  #isNews({ stream, epoch, seq, gate }: StreamAnnouncement): boolean {
    const known = this.#latest.get(stream)
    if (known && !isAfter({ epoch, seq }, known)) return false
    this.#latest.set(stream, { epoch, seq, isShut: gate === 'shut' })
    return true
  }
}

/** Somebody read the channel at a later place: it was opened again, and this node has yet to hear of both. */
const wasReadSince = (hub: Hub, { epoch, seq }: StreamAnnouncement): boolean =>
  hub.epoch === epoch && hub.head > seq && hub.delivered < seq
