import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Connection } from './connection.ts'
import type { Hub } from './hub.ts'
import { Kept } from './kept.ts'
import type { Loop } from './loop.ts'
import type { Person } from './people.ts'
import { isAfter, type Position } from './stream.ts'
import { levelOf, sinceOf } from './watching.ts'

/**
 * Which change of access of a member was the latest. Nodes publish independently and the sweeper repeats, so an old
 * grant may come after the removal that ended it: it must not open the channel again.
 */
export class AccessTurns {
  readonly #latest: Kept<Position>

  constructor(most: number) {
    this.#latest = new Kept(most)
  }

  isNews(uid: string, { stream, epoch, seq }: StreamAnnouncement): boolean {
    const key = `${stream}/${uid}`
    const known = this.#latest.get(key)
    const position = { epoch, seq }
    if (known && !isAfter(position, known)) return false
    this.#latest.set(key, position)
    return true
  }
}

/** Changes who may watch, before the event that says so is delivered to anybody. */
export function applyAccess(loop: Loop, announcement: StreamAnnouncement): void {
  for (const change of announcement.access) {
    const isNews = loop.accessTurns.isNews(change.uid, announcement)
    const person = loop.people.get(change.uid)
    if (!isNews || !person) continue
    if (change.kind === 'revoked') revoke(loop, person, announcement)
    else grant(loop, person, { announcement, visibleFrom: change.visibleFrom })
  }
}

function revoke(loop: Loop, person: Person, announcement: StreamAnnouncement): void {
  const hub = loop.hubs.get(announcement.stream)
  for (const connection of person.connections) {
    connection.opening?.access.set(announcement.stream, 'revoked')
    if (hub && !knewAlready(connection, hub, announcement)) loop.hubs.unwatch(connection, hub)
  }
  for (const join of joinsOf(person, hub)) {
    join.revokedAt = announcement
    join.granted = null
    join.held.lose()
  }
}

/** Whether the interest was answered by a read that saw this change: then it is a repeat of something older. */
const knewAlready = (connection: Connection, hub: Hub, { epoch, seq }: StreamAnnouncement) =>
  epoch === hub.epoch && seq <= sinceOf(connection, hub)

interface Grant {
  readonly announcement: StreamAnnouncement
  readonly visibleFrom: number
}

function grant(loop: Loop, person: Person, { announcement, visibleFrom }: Grant): void {
  const { stream, memberCount } = announcement
  for (const join of joinsOf(person, loop.hubs.get(stream))) {
    join.revokedAt = null
    join.granted = visibleFrom
  }
  for (const connection of person.connections) {
    if (connection.opening) connection.opening.access.set(stream, { visibleFrom, memberCount })
    else watchAsMember(loop, connection, { announcement, visibleFrom })
  }
}

function watchAsMember(loop: Loop, connection: Connection, { announcement, visibleFrom }: Grant) {
  if (loop.gates.isShut(announcement.stream)) return
  const hub = loop.hubs.ensure(announcement.stream)
  if (announcement.memberCount > 0) hub.memberCount = announcement.memberCount
  if (levelOf(connection, hub) === null)
    loop.hubs.watch(connection, hub, { level: 'list', visibleFrom, since: 0 })
  else if (connection.person) hub.setVisibleFrom(connection.person.uid, visibleFrom)
}

const joinsOf = (person: Person, hub: Hub | undefined) =>
  hub?.joining.filter((join) => join.connection.person === person) ?? []
