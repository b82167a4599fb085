import type { MessagePreview } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Bytes } from './bytes.ts'
import type { BumpState, Hub } from './hub.ts'
import { type Loop, monotonic } from './loop.ts'
import { encode, keepsUp } from './tell.ts'

const NOTHING = { last: null, ordinal: null, floor: null } as const

/** What waits to be told must not outlive a truncation. */
export const aboveFloor = (last: MessagePreview | null, floor: number): MessagePreview | null =>
  last && last.seq > floor ? last : null

/** A channel moved: tells its list watchers now, or together with what else comes within the interval. */
export function noteBump(loop: Loop, hub: Hub, { last, ordinal, floor }: StreamAnnouncement): void {
  if (hub.list.length === 0) return
  const now = monotonic(loop.clock)
  hub.bump ??= { ...NOTHING, bumpedAt: Number.NEGATIVE_INFINITY, waiting: false }
  if (last) hub.bump.last = last
  if (floor !== null) {
    hub.bump.floor = floor
    hub.bump.last = aboveFloor(hub.bump.last, floor)
  }
  if (ordinal !== null) hub.bump.ordinal = ordinal
  if (hub.bump.waiting) return
  const dueAt = hub.bump.bumpedAt + intervalOf(loop, hub)
  if (dueAt <= now) sendBump(loop, hub, hub.bump)
  else {
    hub.bump.waiting = true
    loop.bumps.put(hub, dueAt)
  }
}

/** The wheel says that a bump may be due. */
export function checkBump(loop: Loop, hub: Hub, now: number): void {
  const { bump } = hub
  if (!bump?.waiting) return
  const dueAt = bump.bumpedAt + intervalOf(loop, hub)
  if (dueAt > now) loop.bumps.put(hub, dueAt)
  else sendBump(loop, hub, bump)
}

const intervalOf = ({ limits }: Loop, { memberCount }: Hub): number =>
  memberCount > limits.bigChannelMembers ? limits.bigBumpMs : limits.bumpMs

function sendBump(loop: Loop, hub: Hub, bump: BumpState): void {
  const { last, ordinal, floor } = bump
  Object.assign(bump, NOTHING, { bumpedAt: monotonic(loop.clock), waiting: false })
  // Not the head: that may have been read behind a removal of which this node has not heard yet.
  const told = { name: hub.name, epoch: hub.epoch, head: hub.delivered, ordinal, floor }
  const bytes = bumpBytes(loop, told, last)
  const everybodySees = last === null || last.seq > hub.hiddenUpTo
  const withoutLast = everybodySees ? bytes : bumpBytes(loop, told, null)
  for (const connection of hub.list) {
    if (!keepsUp(loop, connection)) {
      loop.tally.dropped++
      continue
    }
    loop.tally.bumps++
    const sees = everybodySees || last.seq > hub.visibleFrom(connection.person?.uid ?? '')
    loop.fanout.add(connection, sees ? bytes : withoutLast)
  }
}

/** What a bump tells besides the newest message. */
export interface Told {
  readonly name: string
  readonly epoch: number
  readonly head: number
  readonly ordinal: number | null
  readonly floor: number | null
}

/** A bump for one who came when it was already sent. */
export const bumpBytes = (
  loop: Loop,
  { name, epoch, head, ordinal, floor }: Told,
  last: MessagePreview | null,
): Bytes =>
  encode(loop, {
    type: 'bump',
    channel: name,
    epoch,
    seq: head,
    ...(last === null ? {} : { last }),
    ...(ordinal === null ? {} : { ordinal }),
    ...(floor === null ? {} : { floor }),
  })
