import type { EventFrame, EventsFrame } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Framing } from '../ports/socket.ts'
import type { Bytes } from './bytes.ts'
import type { Delivery } from './delivery.ts'

interface Options {
  readonly framing: Framing<Bytes>
  readonly mostChanges: number
  /** Those of the announcements that are not told. */
  readonly omitted: ReadonlySet<StreamAnnouncement>
  /** Those of them that are for nobody any more, and count as told: what took them back is told. */
  readonly takenBack: ReadonlySet<StreamAnnouncement>
}

/** Several events on their way as one frame: of each thing the last state, with the changes of all. */
export class GatheredDelivery implements Delivery {
  readonly announcement: StreamAnnouncement
  readonly isPersonal: boolean
  readonly #announcements: readonly StreamAnnouncement[]
  readonly #options: Options
  /** By `visibleFrom`: nearly everybody sees everything. */
  readonly #frames = new Map<number, Bytes>()
  /** By uid, of those who wrote something that was left out for the others. */
  readonly #ownFrames = new Map<string, Bytes>()
  readonly #authors: ReadonlySet<string>

  constructor(announcements: readonly StreamAnnouncement[], options: Options) {
    const last = announcements.at(-1)
    if (!last) throw new RangeError('Nothing was gathered.')
    this.announcement = { ...last, subjectSeq: oldestSubject(announcements) }
    this.#announcements = announcements
    this.#options = options
    this.#authors = new Set([...options.omitted].flatMap(({ omission }) => omission?.butFor ?? []))
    this.isPersonal = this.#authors.size > 0
  }

  get bytes(): Bytes {
    return this.bytesFor(0, '')
  }

  bytesFor(visibleFrom: number, uid: string): Bytes {
    return this.#authors.has(uid)
      ? kept(this.#ownFrames, uid, () => this.#frame(visibleFrom, uid))
      : kept(this.#frames, visibleFrom, () => this.#frame(visibleFrom, uid))
  }

  #frame(visibleFrom: number, uid: string): Bytes {
    const { framing, mostChanges, omitted, takenBack } = this.#options
    const visible = this.#announcements.filter(
      (one) => !takenBack.has(one) && (one.subjectSeq === null || one.subjectSeq > visibleFrom),
    )
    const told = visible.filter((one) => !omitted.has(one) || one.omission?.butFor === uid)
    const frame: EventsFrame = {
      ...this.#range(),
      events: eventsOf(told, mostChanges),
      omitted: visible.length - told.length,
    }
    return framing.frame(JSON.stringify(frame))
  }

  #range() {
    const { stream: channel, epoch, seq } = this.announcement
    const prev = this.#announcements[0]?.prev ?? seq
    return { type: 'events' as const, channel, epoch, prev, seq }
  }
}

function kept<Key>(frames: Map<Key, Bytes>, key: Key, make: () => Bytes): Bytes {
  const known = frames.get(key)
  if (known) return known
  const made = make()
  frames.set(key, made)
  return made
}

const oldestSubject = (announcements: readonly StreamAnnouncement[]): number | null => {
  const subjects = announcements.flatMap(({ subjectSeq }) => subjectSeq ?? [])
  return subjects.length > 0 ? Math.min(...subjects) : null
}

type Told = EventsFrame['events'][number]

/** In the order of the last event of each thing. */
function eventsOf(announcements: readonly StreamAnnouncement[], mostChanges: number): Told[] {
  const things = Map.groupBy(announcements, (one) => one.mergeKey ?? one)
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
  const by = new Set(events.map((event) => event.by)).size === 1 ? last.by : null
  if (!Array.isArray(data['changes'])) return { seq, at, name, by, data }
  const changes = events.flatMap(changesOf)
  const omitted = Math.max(0, changes.length - mostChanges)
  return { seq, at, name, by, data: { ...data, changes: changes.slice(omitted), omitted } }
}

const changesOf = ({ data: { changes } }: EventFrame) => (Array.isArray(changes) ? changes : [])
