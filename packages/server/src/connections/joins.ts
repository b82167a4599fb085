import type { MessagePreview } from '@tertulia/protocol'
import type { StreamAnnouncement } from '../ports/bus.ts'
import { aboveFloor } from './bumps.ts'
import type { Connection } from './connection.ts'
import type { Delivery } from './delivery.ts'
import type { Hub } from './hub.ts'
import type { Hubs } from './hubs.ts'
import type { Position } from './stream.ts'
import type { Level } from './watching.ts'

/**
 * What came in on a stream while the answer about that stream was being read. The connection is registered before
 * the read, so nothing between the two can be missed.
 */
export class Holding {
  frames: Delivery[] = []
  newest: Position | null = null
  /** The newest message told meanwhile, for `list`. */
  last: MessagePreview | null = null
  /** The same for the number of messages to read. */
  ordinal: number | null = null
  /** Up to where the channel was truncated meanwhile. */
  floor: number | null = null
  /** There were too many, or access changed in between: the client must sync instead. */
  lost = false

  /** Keeps only how far the stream went. */
  note(announcement: StreamAnnouncement): void {
    this.newest = announcement
    if (announcement.last) this.last = announcement.last
    if (announcement.ordinal !== null) this.ordinal = announcement.ordinal
    if (announcement.floor === null) return
    this.floor = announcement.floor
    this.last = aboveFloor(this.last, announcement.floor)
  }

  hold(delivery: Delivery, most: number): void {
    this.note(delivery.announcement)
    if (this.lost) return
    if (this.frames.length >= most) this.lose()
    else this.frames.push(delivery)
  }

  lose(): void {
    this.lost = true
    this.frames = []
  }
}

/** A connection whose interest in a channel is asked for and not answered yet. */
export interface Join {
  readonly connection: Connection
  readonly hub: Hub
  readonly level: Level
  readonly held: Holding
  /** Where access was taken away meanwhile; null again when it was given back. */
  revokedAt: Position | null
  /** The interval of visibility, when it was granted anew meanwhile. */
  granted: number | null
}

/** What the last change of access to a channel was. */
export type AccessState = { readonly visibleFrom: number; readonly memberCount: number } | 'revoked'

/** What happened to a user between the hello and the welcome. */
export interface Opening {
  readonly user: Holding
  readonly access: Map<string, AccessState>
}

export function beginJoin(connection: Connection, hub: Hub, level: Level): Join {
  const join: Join = {
    connection,
    hub,
    level,
    held: new Holding(),
    revokedAt: null,
    granted: null,
  }
  hub.joining = [...hub.joining, join]
  connection.joins = [...(connection.joins ?? []), join]
  return join
}

export function endJoin(hubs: Hubs, join: Join): void {
  const { connection, hub } = join
  hub.joining = hub.joining.filter((other) => other !== join)
  const left = connection.joins?.filter((other) => other !== join) ?? []
  connection.joins = left.length > 0 ? left : null
  hubs.tidy(hub)
}

export function endJoins(hubs: Hubs, connection: Connection): void {
  for (const join of connection.joins ?? []) endJoin(hubs, join)
}
