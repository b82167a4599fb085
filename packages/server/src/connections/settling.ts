import type { ChannelInterest, ChannelSync } from '@tertulia/protocol'
import type { Opening as Answer, Watchable } from '../ports/product.ts'
import { bumpBytes } from './bumps.ts'
import type { Connection } from './connection.ts'
import { endJoin, type Join } from './joins.ts'
import type { Loop } from './loop.ts'
import { isAfter, learnHead, type Position } from './stream.ts'
import { deliver } from './tell.ts'
import { levelOf, raiseSince } from './watching.ts'

/** The answers for the client, and what to send behind them. */
export interface Settled {
  readonly channels: ChannelSync[]
  release(): void
}

interface Settling {
  readonly entries: readonly ChannelInterest[]
  readonly opening: Answer
}

interface Entry {
  readonly id: string
  readonly interest: ChannelInterest['interest']
  readonly sync: ChannelSync
  readonly watchable: Watchable | undefined
}

/** Turns what was asked for into interest, as far as the answer allows it and nothing took it away meanwhile. */
export function settleInterest(
  loop: Loop,
  connection: Connection,
  { entries, opening }: Settling,
): Settled {
  const syncs = new Map(opening.channels.map((sync) => [sync.id, sync]))
  const watchables = new Map(opening.watchable.map((watchable) => [watchable.channelId, watchable]))
  const joins = new Map(connection.joins?.map((join) => [join.hub.name, join]))
  const releases: (() => void)[] = []
  const channels = entries.map(({ id, interest }) => {
    const entry = { id, interest, sync: syncs.get(id) ?? gone(id), watchable: watchables.get(id) }
    const join = joins.get(id)
    if (!join) return settleStanding(loop, connection, entry)
    const { sync, release } = settleJoin(loop, join, entry)
    releases.push(release)
    return sync
  })
  return {
    channels,
    release() {
      for (const release of releases) release()
    },
  }
}

/** For interest that stood before, or ended. */
function settleStanding(
  loop: Loop,
  connection: Connection,
  { id, interest, sync, watchable }: Entry,
) {
  const hub = loop.hubs.get(id)
  const position = positionOf(sync)
  if (interest === 'none' || !hub) return interest === 'none' ? sync : ended(loop, id)
  const level = levelOf(connection, hub)
  if (level === null) return ended(loop, id)
  if (!position || !watchable) {
    loop.hubs.unwatch(connection, hub)
    return sync
  }
  learnHead(hub, position)
  hub.window = watchable.window
  raiseSince(connection, hub, position.seq)
  if (level === interest) return sync
  // Taken away and given back while the answer was read: what came in between must be asked for.
  const visibleFrom = hub.visibleFrom(connection.person?.uid ?? '')
  loop.hubs.watch(connection, hub, { level: interest, visibleFrom, since: position.seq })
  return headAt(id, { epoch: hub.epoch, seq: hub.head })
}

interface SettledJoin {
  readonly sync: ChannelSync
  readonly release: () => void
}

const nothing = () => {}

function settleJoin(loop: Loop, join: Join, entry: Entry): SettledJoin {
  const { connection, hub, held, granted } = join
  const position = positionOf(entry.sync)
  const visibleFrom = granted ?? entry.watchable?.visibleFrom
  const revoked =
    join.revokedAt !== null && (position === null || isAfter(join.revokedAt, position))
  if (revoked || visibleFrom === undefined) {
    loop.hubs.unwatch(connection, hub)
    endJoin(loop.hubs, join)
    return { sync: revoked ? ended(loop, entry.id) : entry.sync, release: nothing }
  }
  if (position) learnHead(hub, position)
  if (entry.watchable) {
    hub.memberCount = Math.max(hub.memberCount, entry.watchable.memberCount)
    hub.window = entry.watchable.window
  }
  loop.hubs.watch(connection, hub, { level: join.level, visibleFrom, since: position?.seq ?? 0 })
  endJoin(loop.hubs, join)
  const told = later(position, held.newest)
  if (held.lost || !position)
    return { sync: told ? headAt(entry.id, told) : entry.sync, release: nothing }
  const release = join.level === 'full' ? releaseFrames : releaseBump
  return { sync: entry.sync, release: () => release(loop, join, { position, visibleFrom }) }
}

interface Answered {
  readonly position: Position
  readonly visibleFrom: number
}

/** Sends the events that the answer did not hold, in order. */
function releaseFrames(loop: Loop, join: Join, { position, visibleFrom }: Answered): void {
  for (const delivery of join.held.frames) {
    if (!isAfter(delivery.announcement, position)) continue
    const bytes = delivery.bytesFor(visibleFrom, join.connection.person?.uid ?? '')
    deliver(loop, join.connection, { stream: join.hub, bytes })
  }
}

/** Sends the bump that came before the interest. */
function releaseBump(loop: Loop, join: Join, { position, visibleFrom }: Answered): void {
  const { newest, last, ordinal, floor } = join.held
  if (!newest || !isAfter(newest, position)) return
  const seen = last && last.seq > visibleFrom ? last : null
  loop.fanout.add(
    join.connection,
    bumpBytes(
      loop,
      { name: join.hub.name, epoch: newest.epoch, head: newest.seq, ordinal, floor },
      seen,
    ),
  )
}

/** Where an answer about a channel leaves the client, or null when the channel is gone for it. */
export function positionOf(
  sync: ChannelSync | Exclude<Answer['user'], { status: 'gone' }>,
): Position | null {
  switch (sync.status) {
    case 'same':
    case 'head':
      return { epoch: sync.epoch, seq: sync.seq }
    case 'delta':
    case 'reset':
      return { epoch: sync.epoch, seq: sync.through }
    case 'gone':
      return null
  }
}

const later = (one: Position | null, other: Position | null): Position | null =>
  one === null || (other !== null && isAfter(other, one)) ? other : one

const gone = (id: string): ChannelSync => ({ status: 'gone', id, reason: 'unknown' })
/** Interest was taken away while the answer was read. */
const ended = ({ gates }: Loop, id: string): ChannelSync =>
  gates.isShut(id) ? { status: 'gone', id, reason: 'disabled' } : gone(id)
const headAt = (id: string, { epoch, seq }: Position): ChannelSync => ({
  status: 'head',
  id,
  epoch,
  seq,
})
