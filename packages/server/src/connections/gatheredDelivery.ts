import type { EventFrame, EventsFrame } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Framing } from '../ports/socket.ts'
import type { Bytes } from './bytes.ts'
import type { Delivery } from './delivery.ts'

interface Options {
  readonly framing: Framing<Bytes>
  readonly mostChanges: number
}

/** Several events on their way as one frame: of each thing the last state, with the changes of all. */
export class GatheredDelivery implements Delivery {
  readonly announcement: StreamAnnouncement
  readonly #announcements: readonly StreamAnnouncement[]
  readonly #options: Options
  /** By `visibleFrom`: nearly everybody sees everything. */
  readonly #frames = new Map<number, Bytes>()

  constructor(announcements: readonly StreamAnnouncement[], options: Options) {
    const last = announcements.at(-1)
    if (!last) throw new RangeError('Nothing was gathered.')
    this.announcement = { ...last, subjectSeq: oldestSubject(announcements) }
    this.#announcements = announcements
    this.#options = options
  }

  get bytes(): Bytes {
    return this.bytesFor(0)
  }

  bytesFor(visibleFrom: number): Bytes {
    const known = this.#frames.get(visibleFrom)
    if (known) return known
    const { framing, mostChanges } = this.#options
    const visible = this.#announcements.filter(
      ({ subjectSeq }) => subjectSeq === null || subjectSeq > visibleFrom,
    )
    const frame = { ...this.#range(), events: eventsOf(visible, mostChanges), omitted: 0 }
    const bytes = framing.frame(JSON.stringify(frame satisfies EventsFrame))
    this.#frames.set(visibleFrom, bytes)
    return bytes
  }

  #range() {
    const { stream: channel, epoch, seq } = this.announcement
    const prev = this.#announcements[0]?.prev ?? seq
    return { type: 'events' as const, channel, epoch, prev, seq }
  }
}

const oldestSubject = (announcements: readonly StreamAnnouncement[]): number | null => {
  const subjects = announcements.flatMap(({ subjectSeq }) => subjectSeq ?? [])
  return subjects.length > 0 ? Math.min(...subjects) : null
}

type Told = EventsFrame['events'][number]

/** In the order of the last event of each thing. */
function eventsOf(announcements: readonly StreamAnnouncement[], mostChanges: number): Told[] {
  const things = Map.groupBy(announcements, ({ mergeKey }) => mergeKey)
  return [...things.values()]
    .flatMap((some) => mergedEvent(some, mostChanges) ?? [])
    .toSorted((a, b) => a.seq - b.seq)
}

function mergedEvent(
  announcements: readonly StreamAnnouncement[],
  mostChanges: number,
): Told | null {
  const events = announcements.map(({ frame }) => JSON.parse(frame) as EventFrame)
  const last = events.at(-1)
  if (!last) return null
  const { seq, at, name, data } = last
  const changes = events.flatMap(changesOf)
  const omitted = Math.max(0, changes.length - mostChanges)
  const by = new Set(events.map((event) => event.by)).size === 1 ? last.by : null
  return { seq, at, name, by, data: { ...data, changes: changes.slice(omitted), omitted } }
}

const changesOf = ({ data: { changes } }: EventFrame) => (Array.isArray(changes) ? changes : [])
