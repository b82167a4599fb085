import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Timer } from '../ports/clock.ts'
import { GatheredDelivery } from './gatheredDelivery.ts'
import type { Hub } from './hub.ts'
import { type Loop, monotonic } from './loop.ts'

/** Events about busy things, which wait a moment to be told as one. */
export interface Gathered {
  readonly announcements: StreamAnnouncement[]
  /** Those of them that are not told. */
  readonly omitted: Set<StreamAnnouncement>
  /** Those of them that later ones took back: for nobody any more. */
  readonly takenBack: Set<StreamAnnouncement>
  /** Of the others, where somebody counts it. */
  bytes: number
  readonly timer: Timer
}

interface Pace {
  since: number
  count: number
}

/** How often events about each thing came lately. */
export class Paces {
  readonly #paces = new Map<string, Pace>()

  /** Counts one more. Returns how many came in the second that it belongs to. */
  note(key: string, now: number): number {
    const known = this.#paces.get(key)
    if (known && now - known.since < SECOND) return ++known.count
    if (this.#paces.size >= MOST_THINGS) this.#paces.clear()
    this.#paces.set(key, { since: now, count: 1 })
    return 1
  }
}

const SECOND = 1000
/** Things that are remembered of one channel; then all are forgotten, and some events are told one by one again. */
const MOST_THINGS = 200

/** Keeps an event back if it may be told together with others like it, and there are many. */
export function gather(
  loop: Loop,
  hub: Hub,
  announcement: StreamAnnouncement,
  flush: () => void,
): boolean {
  const { mergeKey } = announcement
  if (mergeKey === null) return false
  const isBusy = pace(loop, hub, mergeKey) > loop.limits.mergePerSecond
  const { gathered } = hub
  if (gathered && follows(announcement, gathered)) gathered.announcements.push(announcement)
  else if (isBusy || hub.full.length > loop.limits.mergeWatchers) {
    flush()
    const timer = loop.timers.after(loop.limits.mergeMs, flush)
    hub.gathered = { ...beginGathered(timer), announcements: [announcement] }
  } else return false
  return true
}

export const beginGathered = (timer: Timer): Gathered => ({
  announcements: [],
  omitted: new Set(),
  takenBack: new Set(),
  bytes: 0,
  timer,
})

function pace(loop: Loop, hub: Hub, key: string): number {
  hub.paces ??= new Paces()
  return hub.paces.note(key, monotonic(loop.clock))
}

/** A hole between two events must stay visible. */
export function follows({ epoch, prev }: StreamAnnouncement, { announcements }: Gathered): boolean {
  const last = announcements.at(-1)
  return last !== undefined && last.epoch === epoch && last.seq === prev
}

/** What was kept back, or null. */
export function takeGathered({ framing, limits }: Loop, hub: Hub): GatheredDelivery | null {
  if (!hub.gathered) return null
  const { announcements, omitted, takenBack, timer } = hub.gathered
  hub.gathered = null
  timer.cancel()
  return new GatheredDelivery(announcements, {
    framing,
    omitted,
    takenBack,
    mostChanges: limits.mergeChanges,
  })
}
