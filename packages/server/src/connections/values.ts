import type { ValueAnnouncement } from '../ports/bus.ts'
import type { Timer } from '../ports/clock.ts'
import type { Hub } from './hub.ts'
import { type Loop, monotonic } from './loop.ts'
import { offer } from './tell.ts'

/** Of one type, by whose it is. */
type Waiting = Map<string, ValueAnnouncement>

/** Values that are not told yet: the last one of each, by type and by whose it is. */
export interface Values {
  readonly waiting: Map<string, Waiting>
  toldAt: number
  timer: Timer | null
}

/** Told at once when nothing was told for a while, else together with what else comes until then. */
export function noteValue(loop: Loop, hub: Hub, announcement: ValueAnnouncement): void {
  if (hub.full.length === 0) return
  hub.values ??= { waiting: new Map(), toldAt: Number.NEGATIVE_INFINITY, timer: null }
  const { values } = hub
  const { type, key } = announcement
  const ofType: Waiting = values.waiting.get(type) ?? new Map()
  values.waiting.set(type, ofType.set(key, announcement))
  if (values.timer !== null) return
  const wait = values.toldAt + loop.limits.receiptsMs - monotonic(loop.clock)
  if (wait <= 0) tellValues(loop, hub, values)
  else values.timer = loop.timers.after(wait, () => tellValues(loop, hub, values))
}

function tellValues(loop: Loop, hub: Hub, values: Values): void {
  values.timer = null
  values.toldAt = monotonic(loop.clock)
  for (const [type, some] of values.waiting) tellEach(loop, hub, { type, some })
  values.waiting.clear()
}

interface Telling {
  readonly type: string
  readonly some: Waiting
}

/** One frame for everybody, and one of their own for those from whom something is kept. */
function tellEach(loop: Loop, hub: Hub, { type, some }: Telling): void {
  const frame = (told: readonly ValueAnnouncement[]) =>
    loop.framing.frame(
      JSON.stringify({ type, channel: hub.name, [type]: told.map(({ value }) => value) }),
    )
  const kept = keptBy(loop, some)
  const all = frame([...some.values()])
  for (const connection of hub.full) {
    const hidden = kept.get(connection.person?.uid ?? '')
    if (!hidden) offer(loop, connection, all)
    else {
      const told = [...some.values()].filter(({ key }) => !hidden.has(key))
      if (told.length > 0) offer(loop, connection, frame(told))
    }
  }
}

/** By user, whose values are kept from them: of nearly everybody nothing is. */
function keptBy({ companions }: Loop, some: Waiting): ReadonlyMap<string, ReadonlySet<string>> {
  const kept = new Map<string, Set<string>>()
  const keep = (from: Iterable<string>, key: string) => {
    for (const uid of from) kept.set(uid, (kept.get(uid) ?? new Set()).add(key))
  }
  for (const [key, { except }] of some) {
    keep(except, key)
    for (const companion of companions) if (companion.keptFrom) keep(companion.keptFrom(key), key)
  }
  return kept
}
