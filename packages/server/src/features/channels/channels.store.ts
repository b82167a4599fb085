import type { ChannelListPart, MessagePreview } from '@tertulia/protocol'
import { sql } from 'kysely'
import type { Snapshot } from '../../store/engine.ts'
import type { BigId, ChannelsTable, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { type ChannelRow, DISABLED } from '../access/index.ts'
import { previewOf } from '../messages/index.ts'

const byKey = statement<{ key: string }>()((db, p) =>
  db.selectFrom('channels').selectAll().where('key', '=', p.key),
)
const byPeople = statement<{ people: string }>()((db, p) =>
  db.selectFrom('channels').selectAll().where('people_key', '=', p.people),
)

export const channelByKey = (db: Snapshot, key: string): Promise<ChannelRow | undefined> =>
  byKey.first(db, { key })

/** The direct channel of exactly these people: their internal ids, sorted, joined by commas. */
export const channelByPeople = (db: Snapshot, people: string): Promise<ChannelRow | undefined> =>
  byPeople.first(db, { people })

export const insertChannel = statement<{
  id: BigId
  type: string
  key: string | null
  peopleKey: string | null
  people: string
  name: string | null
  folded: string | null
  custom: string
  history: ChannelsTable['history']
  slowSeconds: number | null
  slowBurst: number | null
  version: number
  createdBy: string | null
  at: Millis
}>()((db, p) =>
  db.insertInto('channels').values({
    id: p.id,
    type: p.type,
    key: p.key,
    people_key: p.peopleKey,
    people: p.people,
    name: p.name,
    folded_name: p.folded,
    custom: p.custom,
    history: p.history,
    slow_seconds: p.slowSeconds,
    slow_burst: p.slowBurst,
    state: sql.lit('open'),
    member_count: 0,
    owner_count: 0,
    version: p.version,
    created_by: p.createdBy,
    created_at: p.at,
    updated_at: p.at,
    last_message_at: null,
    last_message_seq: null,
    ordinal: sql.lit(0),
    pins_version: sql.lit(0),
    floor: sql.lit(0),
    purged_up_to: sql.lit(0),
    purged_ordinal: sql.lit(0),
    deleted_at: null,
    purged_at: null,
  }),
)

const active = sql<number>`coalesce(channels.last_message_at, channels.created_at)`

/**
 * The present channels of a user by latest activity, newest first, from a position on. Empty strings for `type` and
 * `pinned` and an empty range for the name mean any.
 */
const pageByActivity = statement<{
  uid: BigId
  type: string
  from: string
  until: string
  show: string
  pinned: string
  at: number
  id: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom('memberships')
    .innerJoin('channels', 'channels.id', 'memberships.channel_id')
    .selectAll('channels')
    .select(active.as('active_at'))
    .where('memberships.uid', '=', p.uid)
    .where('memberships.state', '=', 'joined')
    .where('channels.deleted_at', 'is', null)
    .where((eb) => eb.or([eb(eb.val(p.type), '=', ''), eb('channels.type', '=', p.type)]))
    .where((eb) =>
      eb.or([
        eb(eb.val(p.from), '=', ''),
        eb.and([
          eb('channels.folded_name', '>=', p.from),
          eb('channels.folded_name', '<', p.until),
        ]),
      ]),
    )
    .where((eb) => {
      const shows = (part: ChannelListPart) => eb(eb.val(p.show), '=', part)
      const notArchived = eb('memberships.archived_at', 'is', null)
      // Null, when it is not hidden, is neither of both.
      const hidden = eb('memberships.hidden_up_to', '>=', eb.ref('channels.ordinal'))
      const notHidden = eb.or([
        eb('memberships.hidden_up_to', 'is', null),
        eb('memberships.hidden_up_to', '<', eb.ref('channels.ordinal')),
      ])
      return eb.or([
        shows('all'),
        eb.and([shows('list'), notArchived, notHidden]),
        eb.and([shows('hidden'), notArchived, hidden]),
        eb.and([shows('archived'), eb('memberships.archived_at', 'is not', null)]),
      ])
    })
    .where((eb) =>
      eb.or([
        eb(eb.val(p.pinned), '=', ''),
        eb.and([eb(eb.val(p.pinned), '=', 'yes'), eb('memberships.pinned_at', 'is not', null)]),
        eb.and([eb(eb.val(p.pinned), '=', 'no'), eb('memberships.pinned_at', 'is', null)]),
      ]),
    )
    .where((eb) =>
      eb.or([eb(active, '<', p.at), eb.and([eb(active, '=', p.at), eb('channels.id', '<', p.id)])]),
    )
    .orderBy(active, 'desc')
    .orderBy('channels.id', 'desc')
    .limit(p.limit),
)

export interface ActivityPage {
  readonly uid: BigId
  /** '' for any. */
  readonly type: string
  /** The folded beginning of the name; '' for any. */
  readonly from: string
  readonly until: string
  readonly show: ChannelListPart
  /** '' for any. */
  readonly pinned: '' | 'yes' | 'no'
  /** The last row of the page before. */
  readonly at: number
  readonly id: BigId
  readonly limit: number
}

export const channelsByActivity = (
  db: Snapshot,
  page: ActivityPage,
): Promise<(ChannelRow & { active_at: number })[]> => pageByActivity.all(db, { ...page })

const findable = statement<{
  type: string
  from: string
  until: string
  name: string
  id: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom('channels')
    .selectAll()
    .where('type', '=', p.type)
    .where('deleted_at', 'is', null)
    .where('state', '<>', DISABLED)
    .where('folded_name', '>=', p.from)
    .where('folded_name', '<', p.until)
    .where((eb) =>
      eb.or([
        eb('folded_name', '>', p.name),
        eb.and([eb('folded_name', '=', p.name), eb('id', '>', p.id)]),
      ]),
    )
    .orderBy('folded_name')
    .orderBy('id')
    .limit(p.limit),
)

export const channelsByName = (
  db: Snapshot,
  page: { type: string; from: string; until: string; name: string; id: BigId; limit: number },
): Promise<ChannelRow[]> => findable.all(db, page)

const newest = statement<{ channelId: BigId; after: number; upTo: number }>()((db, p) =>
  db
    .selectFrom('messages')
    .select(['id', 'seq', 'author', 'text', 'created_at'])
    .where('channel_id', '=', p.channelId)
    .where('seq', '>', p.after)
    .where('seq', '<=', p.upTo)
    .where('kind', '=', sql.lit('text'))
    .where((eb) => eb('in_channel', '=', eb.lit(1)))
    .where((eb) => eb.or([eb('thread_root_seq', 'is', null), eb('thread_root_seq', '>', p.after)]))
    .orderBy('seq', 'desc')
    .limit(1),
)

/** The newest message above a seq, as a list shows it. However many system messages follow, none of them is read. */
export async function newestMessage(
  db: Snapshot,
  { id: channelId, last_message_seq: upTo }: ChannelRow,
  after: number,
): Promise<MessagePreview | null> {
  const row = await newest.first(db, { channelId, after, upTo: upTo ?? 0 })
  return row ? previewOf({ ...row, createdAt: row.created_at }) : null
}
