import type {
  Announcement,
  EphemeralAnnouncement,
  StreamAnnouncement,
  ValueAnnouncement,
} from '../ports/bus.ts'
import { applyAccess } from './access.ts'
import { noteBump } from './bumps.ts'
import { type Delivery, SingleDelivery } from './delivery.ts'
import { gather, takeGathered } from './gathering.ts'
import type { Hub } from './hub.ts'
import type { Loop } from './loop.ts'
import type { Person } from './people.ts'
import { disconnect } from './revocation.ts'
import { advance } from './stream.ts'
import { takeBack } from './takingBack.ts'
import { deliver, offer } from './tell.ts'
import { noteValue } from './values.ts'
import { waitForWindow } from './windows.ts'

/** Takes what the bus brings. Never throws: the bus has other receivers. */
export function receive(loop: Loop, announcement: Announcement): void {
  try {
    route(loop, announcement)
  } catch (error) {
    loop.log.error({ kind: announcement.kind, err: error }, 'announcement failed')
  }
}

function route(loop: Loop, announcement: Announcement): void {
  switch (announcement.kind) {
    case 'event':
      if (announcement.owner === 'user') deliverToPerson(loop, announcement)
      else deliverToChannel(loop, announcement)
      return
    case 'ephemeral':
      relay(loop, announcement)
      return
    case 'value':
      relayValue(loop, announcement)
      return
    case 'passing':
      // For companions, which hear the bus themselves.
      return
    case 'disconnect':
      disconnect(loop, announcement)
  }
}

function deliverToPerson(loop: Loop, announcement: StreamAnnouncement): void {
  const person = loop.people.get(announcement.stream)
  if (!person || !advance(person, announcement)) return
  const delivery = new SingleDelivery(announcement, loop.framing)
  loop.tally.deliveries += person.connections.length
  for (const connection of person.connections) {
    if (connection.opening) connection.opening.user.hold(delivery, loop.limits.joiningFrames)
    else deliver(loop, connection, { stream: person, bytes: delivery.bytes })
  }
}

function deliverToChannel(loop: Loop, announcement: StreamAnnouncement): void {
  const ends = loop.gates.ends(announcement, loop.hubs.get(announcement.stream))
  applyAccess(loop, announcement)
  loop.motions.note(announcement, ends)
  const hub = loop.hubs.get(announcement.stream)
  if (!hub) return
  if (announcement.memberCount > 0) hub.memberCount = announcement.memberCount
  if (advance(hub, announcement)) deliverToHub(loop, hub, announcement)
  if (ends) endHub(loop, hub, announcement)
}

function deliverToHub(loop: Loop, hub: Hub, announcement: StreamAnnouncement): void {
  takeBack(hub, announcement)
  const isWatched = hub.full.length > 0 || hub.joining.length > 0
  if (isWatched && !waits(loop, hub, announcement)) {
    tellGathered(loop, hub)
    tellHub(loop, hub, new SingleDelivery(announcement, loop.framing))
  }
  noteBump(loop, hub, announcement)
}

function waits(loop: Loop, hub: Hub, announcement: StreamAnnouncement): boolean {
  const flush = () => tellGathered(loop, hub)
  return waitForWindow(loop, hub, announcement, flush) || gather(loop, hub, announcement, flush)
}

/** Tells what was kept back, before anything that comes after it. */
function tellGathered(loop: Loop, hub: Hub): void {
  const delivery = takeGathered(loop, hub)
  if (delivery) tellHub(loop, hub, delivery)
}

function tellHub(loop: Loop, hub: Hub, delivery: Delivery): void {
  loop.tally.deliveries += hub.full.length
  if (needsLook(hub, delivery)) deliverToEach(loop, hub, delivery)
  else deliverToAll(loop, hub, delivery)
  for (const { level, held } of hub.joining) {
    if (level === 'full') held.hold(delivery, loop.limits.joiningFrames)
    else held.note(delivery.announcement)
  }
}

/** The path of nearly every event, run once per recipient: nothing in it allocates or looks anything up. */
function deliverToAll({ fanout }: Loop, hub: Hub, { bytes }: Delivery): void {
  for (const connection of hub.full) {
    if (connection.lag === null) fanout.add(connection, bytes)
    else connection.lag.missed.add(hub)
  }
}

function needsLook(hub: Hub, { isPersonal, announcement: { seq, subjectSeq } }: Delivery): boolean {
  const isHidden = subjectSeq !== null && subjectSeq <= hub.hiddenUpTo
  return isPersonal || isHidden || seq <= hub.sinceUpTo
}

/**
 * About a message that some may not see: those get a frame that only moves their cursor. Or older than the answer
 * that somebody got: those have it. Or left out for all but its author.
 */
function deliverToEach(loop: Loop, hub: Hub, delivery: Delivery): void {
  const { seq } = delivery.announcement
  for (const [index, connection] of hub.full.entries()) {
    if (seq <= (hub.since[index] ?? 0)) continue
    const bytes = delivery.bytesFor(visibleFrom(hub, connection.person), uidOf(connection.person))
    deliver(loop, connection, { stream: hub, bytes })
  }
}

const uidOf = (person: Person | null): string => person?.uid ?? ''

const visibleFrom = (hub: Hub, person: Person | null): number =>
  person === null ? 0 : hub.visibleFrom(person.uid)

/** All interest in the channel ends; who waits for an answer about it is told why. */
function endHub(loop: Loop, hub: Hub, announcement: StreamAnnouncement): void {
  for (const join of hub.joining) {
    join.revokedAt = announcement
    join.held.lose()
  }
  loop.hubs.end(hub)
}

function relayValue(loop: Loop, announcement: ValueAnnouncement): void {
  const hub = loop.hubs.get(announcement.channelId)
  if (hub) noteValue(loop, hub, announcement)
}

function relay(loop: Loop, { channelId, frame }: EphemeralAnnouncement): void {
  const hub = loop.hubs.get(channelId)
  if (!hub || hub.full.length === 0) return
  const bytes = loop.framing.frame(frame)
  for (const connection of hub.full) offer(loop, connection, bytes)
}
