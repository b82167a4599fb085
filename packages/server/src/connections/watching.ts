import type { Connection } from './connection.ts'
import type { Hub } from './hub.ts'

/**
 * Who watches what. A connection holds its hubs and, beside each, its place in the hub's own array, so that leaving
 * costs a look through the connection's few channels and not through the channel's many watchers.
 */
export type Level = 'full' | 'list'

/** Below this size an array is copied to its exact length: most channels have few watchers on one node. */
const EXACT = 16

export function levelOf(connection: Connection, hub: Hub): Level | null {
  const spot = connection.spots[connection.hubs.indexOf(hub)]
  if (spot === undefined) return null
  return isFull(spot) ? 'full' : 'list'
}

export function addWatcher(
  connection: Connection,
  hub: Hub,
  as: { readonly level: Level; readonly since: number },
): void {
  const full = as.level === 'full'
  const place = full ? hub.full.length : hub.list.length
  if (full) {
    hub.full = appended(hub.full, connection)
    hub.since = appended(hub.since, as.since)
    hub.sinceUpTo = Math.max(hub.sinceUpTo, as.since)
    connection.fullCount++
  } else hub.list = appended(hub.list, connection)
  connection.hubs = appended(connection.hubs, hub)
  connection.spots = appended(connection.spots, spotOf(place, full))
}

/** Returns the level that the connection had. */
export function removeWatcher(connection: Connection, hub: Hub): Level | null {
  const index = connection.hubs.indexOf(hub)
  const spot = connection.spots[index]
  if (spot === undefined) return null
  connection.hubs.splice(index, 1)
  connection.spots.splice(index, 1)
  const full = isFull(spot)
  if (full) {
    connection.fullCount--
    const last = hub.since.pop()
    if (last !== undefined && placeOf(spot) < hub.since.length) hub.since[placeOf(spot)] = last
  }
  takeOut(hub, spot)
  return full ? 'full' : 'list'
}

/** The seq at which the full interest of a connection was answered. */
export function sinceOf(connection: Connection, hub: Hub): number {
  const spot = connection.spots[connection.hubs.indexOf(hub)]
  return spot !== undefined && isFull(spot) ? (hub.since[placeOf(spot)] ?? 0) : 0
}

/** Notes a newer answer about a channel that is open already. */
export function raiseSince(connection: Connection, hub: Hub, since: number): void {
  const spot = connection.spots[connection.hubs.indexOf(hub)]
  if (spot === undefined || !isFull(spot)) return
  hub.since[placeOf(spot)] = Math.max(since, hub.since[placeOf(spot)] ?? 0)
  hub.sinceUpTo = Math.max(hub.sinceUpTo, since)
}

/** The channels of one level, the oldest interest first. */
export const watched = ({ hubs, spots }: Connection, level: Level): Hub[] =>
  hubs.filter((_, index) => isFull(spots[index] ?? 0) === (level === 'full'))

/** The list interest that the connection has had for longest. */
export const oldestListed = ({ hubs, spots }: Connection): Hub | undefined =>
  hubs[spots.findIndex((spot) => !isFull(spot))]

/** The last one takes the empty place. */
function takeOut(hub: Hub, spot: number): void {
  const watchers = isFull(spot) ? hub.full : hub.list
  const last = watchers.pop()
  if (last === undefined || placeOf(spot) === watchers.length) return
  watchers[placeOf(spot)] = last
  last.spots[last.hubs.indexOf(hub)] = spot
}

const spotOf = (place: number, full: boolean): number => place * 2 + (full ? 1 : 0)
const placeOf = (spot: number): number => spot >> 1
const isFull = (spot: number): boolean => (spot & 1) === 1

function appended<Item>(items: Item[], item: Item): Item[] {
  if (items.length < EXACT) return items.concat([item])
  items.push(item)
  return items
}
