import type { Listable } from '../ports/product.ts'
import { bumpBytes } from './bumps.ts'
import type { Connection } from './connection.ts'
import type { Opening } from './joins.ts'
import type { Loop } from './loop.ts'
import type { Motion } from './motions.ts'
import { levelOf } from './watching.ts'

export interface Recent {
  /** The most recent first. */
  readonly recent: readonly Listable[]
  /** Channels that the hello names: it said itself what it wants of them. */
  readonly named: ReadonlySet<string>
  readonly opening: Opening
  /** What moved while the answer was read. */
  readonly moved: ReadonlyMap<string, Motion>
}

/** Gives the most recent channels interest `list`. Called behind the welcome. */
export function watchRecent(loop: Loop, connection: Connection, about: Recent): void {
  const channels = wanted(loop, about)
  // The oldest interest gives way when there are too many, so the most recent channel comes last.
  for (const listable of channels.reverse()) watchListed(loop, connection, listable)
  for (const { channelId, visibleFrom } of channels) {
    const motion = about.moved.get(channelId)
    if (motion) bumpMissed(loop, connection, { motion, visibleFrom })
  }
  // Arrays that grew one by one hold spare room, and these hardly change any more.
  connection.hubs = connection.hubs.slice()
  connection.spots = connection.spots.slice()
}

/** The channels of the answer as they are now: access may have changed since it was read. */
function wanted(loop: Loop, { recent, named, opening, moved }: Recent): Listable[] {
  const channels = new Map(recent.map((listable) => [listable.channelId, listable]))
  for (const [channelId, access] of opening.access) {
    if (access === 'revoked') channels.delete(channelId)
    else channels.set(channelId, { channelId, ...access })
  }
  return [...channels.values()].filter(
    ({ channelId }) =>
      !named.has(channelId) && !moved.get(channelId)?.closed && !loop.gates.isShut(channelId),
  )
}

function watchListed(loop: Loop, connection: Connection, listable: Listable): void {
  const { channelId, visibleFrom, memberCount } = listable
  const hub = loop.hubs.ensure(channelId)
  hub.memberCount = Math.max(hub.memberCount, memberCount)
  if (levelOf(connection, hub) !== null) return
  loop.hubs.watch(connection, hub, { level: 'list', visibleFrom, since: 0 })
}

function bumpMissed(
  loop: Loop,
  connection: Connection,
  { motion, visibleFrom }: { readonly motion: Motion; readonly visibleFrom: number },
): void {
  const last = motion.last && motion.last.seq > visibleFrom ? motion.last : null
  const bytes = bumpBytes(loop, { ...motion, name: motion.channel, head: motion.seq }, last)
  loop.fanout.add(connection, bytes)
}
