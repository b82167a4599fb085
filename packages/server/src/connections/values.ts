import type { ValueAnnouncement } from '../ports/bus.ts'
import type { Timer } from '../ports/clock.ts'
import type { Hub } from './hub.ts'
import { type Loop, monotonic } from './loop.ts'
import { offer } from './tell.ts'

/** Values that are not told yet: the last one of each, by type and by whose it is. */
export interface Values {
  readonly waiting: Map<string, Map<string, object>>
  toldAt: number
  timer: Timer | null
}

/** Told at once when nothing was told for a while, else together with what else comes until then. */
export function noteValue(loop: Loop, hub: Hub, { type, key, value }: ValueAnnouncement): void {
  if (hub.full.length === 0) return
  hub.values ??= { waiting: new Map(), toldAt: Number.NEGATIVE_INFINITY, timer: null }
  const { values } = hub
  const ofType = values.waiting.get(type) ?? new Map<string, object>()
  values.waiting.set(type, ofType.set(key, value))
  if (values.timer !== null) return
  const wait = values.toldAt + loop.limits.receiptsMs - monotonic(loop.clock)
  if (wait <= 0) tellValues(loop, hub, values)
  else values.timer = loop.timers.after(wait, () => tellValues(loop, hub, values))
}

function tellValues(loop: Loop, hub: Hub, values: Values): void {
  values.timer = null
  values.toldAt = monotonic(loop.clock)
  for (const [type, some] of values.waiting) {
    const frame = { type, channel: hub.name, [type]: [...some.values()] }
    const bytes = loop.framing.frame(JSON.stringify(frame))
    for (const connection of hub.full) offer(loop, connection, bytes)
  }
  values.waiting.clear()
}
