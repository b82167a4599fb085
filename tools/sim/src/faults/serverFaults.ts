import type { ChannelSync, UserSync } from '@tertulia/protocol'
import type { Engine } from '@tertulia/server'
import type {
  Announcement,
  Bus,
  Operations,
  StreamAnnouncement,
  StreamReader,
} from '@tertulia/server/parts'
import { Crash, type Life } from '../server/life.ts'
import type { SeamContext } from '../server/seams.ts'
import type { Fault } from './fault.ts'

/** Long enough for others to write in between. */
const LATER_MS = 60

/** Rows of one moment with the head of a later one. */
function stretched<Sync extends ChannelSync | UserSync>(early: Sync, late: Sync | undefined): Sync {
  const headOf = (sync: Sync) =>
    'through' in sync ? sync.through : 'seq' in sync ? sync.seq : null
  const head = late && headOf(late)
  if (!late || head === null || head === undefined) return early
  if (early.status === 'delta' || early.status === 'reset') return { ...early, through: head }
  return early.status === 'same' ? { ...early, seq: head } : early
}

interface Answer {
  readonly user: UserSync | null
  readonly channels: readonly ChannelSync[]
}

async function twice<A extends Answer>(life: Life, ask: () => Promise<A>): Promise<A> {
  const early = await ask()
  await life.pause(LATER_MS)
  const late = await ask()
  return {
    ...early,
    user: early.user && stretched(early.user, late.user ?? undefined),
    channels: early.channels.map((sync) =>
      stretched(
        sync,
        late.channels.find((other) => 'id' in other && other.id === sync.id),
      ),
    ),
  }
}

const readTwice = (streams: StreamReader, { life }: SeamContext): StreamReader => ({
  open: (actor, question) => twice(life, () => streams.open(actor, question)),
})

const callTwice = (operations: Operations, { life }: SeamContext): Operations => ({
  call: (call) =>
    call.op === 'sync.pull'
      ? twice(life, () => operations.call(call) as Promise<Answer>)
      : operations.call(call),
})

type Changes = Parameters<Parameters<Engine['write']>[0]>[0]

/** Only the write queue's transactions have announcements among their results. */
const announcementsOf = (result: unknown): readonly Announcement[] =>
  (result as { place?: { announcements: readonly Announcement[] } } | null)?.place?.announcements ??
  []

const announceEarly = (engine: Engine, { bus, crashes, life }: SeamContext): Engine => ({
  ...engine,
  write: (job) =>
    engine.write(async (changes) => {
      const result = await job(changes)
      for (const announcement of announcementsOf(result)) bus().publish(announcement)
      if (crashes.wanted) {
        life.vigour = 'dying'
        throw new Crash('The server crashes after the announcement and before the commit.')
      }
      return result
    }),
})

const changing =
  (change: (announcement: StreamAnnouncement) => StreamAnnouncement) =>
  (bus: Bus): Bus => ({
    publish: (announcement) =>
      bus.publish(announcement.kind === 'event' ? change(announcement) : announcement),
    subscribe: (receive) => bus.subscribe(receive),
  })

const withoutKeys = (changes: Changes): Changes => ({
  ...changes,
  all: (query, values) => changes.all(query, values),
  run: (query, values) => changes.run(query, values),
  put: (query, values) => {
    if (!query.sql.includes('into "idempotency"')) changes.put(query, values)
  },
})

const forgetKeys = (engine: Engine): Engine => ({
  ...engine,
  write: (job) => engine.write((changes) => job(withoutKeys(changes))),
})

type Snapshot = Parameters<Parameters<Engine['read']>[0]>[0]

/** What the changed reactions of a delta are asked with. */
const ASKS_FOR_REACTIONS = '"reaction_counts"."version" >'

const blindToReactions = (db: Snapshot): Snapshot => ({
  ...db,
  all: async (query, values) =>
    query.sql.includes(ASKS_FOR_REACTIONS) ? [] : db.all(query, values),
})

const leaveOutReactions = (engine: Engine): Engine => ({
  ...engine,
  read: (job) => engine.read((db) => job(blindToReactions(db))),
})

/** What a mark is compared with. */
const ASKS_HOW_FAR = 'select "read_seq", "unread_from" from "memberships"'

const withoutMarks = (changes: Changes): Changes => ({
  ...changes,
  run: (query, values) => changes.run(query, values),
  put: (query, values) => changes.put(query, values),
  all: async (query, values) =>
    query.sql.startsWith(ASKS_HOW_FAR) ? [] : changes.all(query, values),
})

const takeOldMarks = (engine: Engine): Engine => ({
  ...engine,
  write: (job) => engine.write((changes) => job(withoutMarks(changes))),
})

export const serverFaults: readonly Fault[] = [
  {
    name: 'split-read',
    what: 'The server reads the rows of a delta and its head at two moments.',
    seams: { streams: readTwice, operations: callTwice },
  },
  {
    name: 'announce-before-commit',
    what: 'The server announces what a transaction did before it is committed.',
    seams: { engine: announceEarly, crashesBeforeCommit: true },
  },
  {
    name: 'removed-still-watch',
    what: 'The frame loop does not hear who was removed.',
    seams: {
      bus: changing((announcement) => ({
        ...announcement,
        access: announcement.access.filter(({ kind }) => kind === 'granted'),
      })),
    },
  },
  {
    name: 'past-is-shown',
    what: 'The frame loop does not know which message an event is about, so that nobody skips it.',
    seams: { bus: changing((announcement) => ({ ...announcement, subjectSeq: null })) },
  },
  {
    name: 'reactions-unversioned',
    what: 'The server changes reactions and does not say since when, so that no delta tells of them.',
    seams: { engine: leaveOutReactions },
  },
  {
    name: 'old-marks-win',
    what: 'The server lets an old mark of how far somebody has read overwrite a newer one.',
    seams: { engine: takeOldMarks },
  },
  {
    name: 'keys-forgotten',
    what: 'The server does not recognise a client id that it has seen.',
    seams: { engine: forgetKeys },
  },
]
