import type { Announcement } from '../ports/bus.ts'

/** What one transaction announces, and its place among the others. */
export interface Place {
  readonly announcements: readonly Announcement[]
  readonly streams: ReadonlySet<string>
  state: 'open' | 'committed' | 'given up'
}

/**
 * Publishes what was committed, each stream in the order of its seqs. Transactions of different lanes are open side by
 * side, and of two commits in one stream the later may be heard of first.
 */
export class Announcer {
  readonly #publish: (announcement: Announcement) => void
  readonly #lines = new Map<string, Place[]>()

  constructor(publish: (announcement: Announcement) => void) {
    this.#publish = publish
  }

  /** Before the commit, while the streams are locked: whoever locks one of them next is behind in the line. */
  enter(announcements: readonly Announcement[]): Place {
    const streams = new Set(
      announcements.flatMap((one) => (one.kind === 'event' ? one.stream : [])),
    )
    const place: Place = { announcements, streams, state: 'open' }
    for (const stream of streams) {
      const line = this.#lines.get(stream)
      if (line) line.push(place)
      else this.#lines.set(stream, [place])
    }
    return place
  }

  /** Every place that was entered ends here, sooner or later: those behind it wait. */
  settle(place: Place, state: 'committed' | 'given up'): void {
    place.state = state
    const next = [place]
    // Those behind are added while it runs.
    for (const one of next)
      if (one.state !== 'open' && this.#isFirst(one)) next.push(...this.#end(one))
  }

  #isFirst = (place: Place): boolean =>
    [...place.streams].every((stream) => this.#lines.get(stream)?.[0] === place)

  #end(place: Place): readonly Place[] {
    if (place.state === 'committed') for (const one of place.announcements) this.#publish(one)
    return [...place.streams].flatMap((stream) => {
      const line = this.#lines.get(stream) ?? []
      line.shift()
      if (line.length === 0) this.#lines.delete(stream)
      return line.slice(0, 1)
    })
  }
}
