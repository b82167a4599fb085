import { ClientActiveFrame, countPresence, watchPresence } from '@tertulia/protocol'
import { answering, type Ground, signal } from '../../kernel/companions.ts'
import type { Settings } from '../../kernel/handlers.ts'
import type { Announcement, StreamAnnouncement } from '../../ports/bus.ts'
import type { Companion } from '../../ports/companion.ts'
import { type Blocklists, changesBlocks } from '../blocks/index.ts'
import { Activity } from './activity.ts'
import { Attendance } from './attendance.ts'
import { Counting } from './counting.ts'
import { Known } from './known.ts'
import { PRESENCE, type PresenceNotice } from './notices.ts'
import { createRecords, type Records } from './records.ts'
import { Rounds } from './rounds.ts'
import { Watches } from './watches.ts'
import { Watching } from './watching.ts'

/** Who is there, for those who may know it and ask for it. */
export function createPresence(
  ground: Ground,
  blocklists: Pick<Blocklists, 'hides' | 'isInvolved'>,
  records: Records = createRecords(ground),
): Companion & Pick<Settings, 'hereIn'> {
  const known = new Known(ground)
  const watches = new Watches()
  const rounds = new Rounds(ground, { watches, known, records })
  const watching = new Watching(ground, { watches, known, records }, rounds)
  const activity = new Activity(ground, records)
  const attendance = new Attendance(ground, records, (uid, at) => activity.note(uid, at))
  const counting = new Counting(ground, known, blocklists)

  const changed = (uid: string) => {
    rounds.look(uid)
    watching.changed(uid)
  }

  const hear = (notice: PresenceNotice) => {
    if (notice.kind === 'state') known.hear(notice)
    else attendance.chose(notice.uid, notice.choice)
    changed(notice.uid)
  }

  /** Somebody came or left somewhere, or blocks somebody: who sees whom may be other than it was. */
  const noteMember = (uid: string) => {
    for (const watch of watches.by(uid)) rounds.lookAt(watch, uid)
    changed(uid)
  }

  const receive = (announcement: Announcement) => {
    if (announcement.kind === 'event') for (const uid of movedBy(announcement)) noteMember(uid)
    else if (announcement.kind === 'passing' && announcement.to === PRESENCE)
      hear(announcement.data as PresenceNotice)
  }

  return {
    hereIn: (channelId) => counting.hereIn(channelId),
    meet(audience) {
      counting.meet(audience)
      ground.bus.subscribe(receive)
    },
    signals: {
      active: signal(ClientActiveFrame, ({ actor }) => attendance.isActive(actor.uid)),
    },
    operations: {
      'presence.watch': answering(watchPresence, async (listener, { userIds }) => ({
        presences: await watching.watch(listener, userIds),
      })),
      'presence.count': answering(countPresence, async ({ actor }, { channelId }) => ({
        online: await counting.count(actor, channelId),
      })),
    },
    came: ({ actor }) => attendance.came(actor.uid),
    went(listener) {
      attendance.went(listener.actor.uid)
      watching.went(listener)
    },
    stop() {
      for (const part of [attendance, known, rounds, counting, activity]) part.stop()
    },
  }
}

const NOBODY: readonly string[] = []

/** Written by the server alone: inside a text the quotes would be escaped. */
const LEFT = '"name":"channel.left"'

/** Whose channels, or blocks, are others now. Of a deleted channel only the own streams of its members tell. */
function movedBy(announcement: StreamAnnouncement): readonly string[] {
  const { owner, stream, access, frame } = announcement
  if (owner === 'user')
    return frame.includes(LEFT) || changesBlocks(announcement) ? [stream] : NOBODY
  return access.length > 0 ? access.map(({ uid }) => uid) : NOBODY
}
