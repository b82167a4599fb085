import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, MembershipsTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { DISABLED } from '../access/index.ts'

/** How far a user has read a channel. */
export interface ReadRow {
  readonly read_seq: number
  readonly unread_from: number | null
}

const reading = statement<{ uid: BigId; channelId: BigId }>()((db, p) =>
  db
    .selectFrom('memberships')
    .select(['read_seq', 'unread_from'])
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId),
)

export const readingOf = (
  db: Snapshot,
  uid: BigId,
  channelId: BigId,
): Promise<ReadRow | undefined> => reading.first(db, { uid, channelId })

const save = statement<{
  uid: BigId
  channelId: BigId
  readSeq: number
  unreadFrom: number | null
  version: number
}>()((db, p) =>
  db
    .updateTable('memberships')
    .set({ read_seq: p.readSeq, unread_from: p.unreadFrom, version: p.version })
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId),
)

/** `version` counts in the user's own stream. */
export const saveReading = (
  tx: Changes,
  row: {
    uid: BigId
    channelId: BigId
    readSeq: number
    unreadFrom: number | null
    version: number
  },
): void => save.put(tx, row)

export type UnreadRange = {
  readonly channelId: BigId
  readonly after: number
  readonly uid: BigId
  readonly limit: number
}

const counted = statement<UnreadRange>()((db, p) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('messages')
        .select('seq')
        .where('channel_id', '=', p.channelId)
        .where('seq', '>', p.after)
        .where('in_channel', '=', eb.lit(1))
        .where('to_read', '=', eb.lit(1))
        .where('deleted_at', 'is', null)
        .where((or) => or.or([or('author_uid', 'is', null), or('author_uid', '!=', p.uid)]))
        .orderBy('seq')
        .limit(p.limit)
        .as('some'),
    )
    .select((eb) => [eb.fn.countAll<number>().as('unread'), eb.fn.min('some.seq').as('first')]),
)

/** How many messages of others stand above a seq, up to a limit, and the first of them. */
export async function countUnread(
  db: Snapshot,
  range: UnreadRange,
): Promise<{ readonly unread: number; readonly first: number | null }> {
  const row = await counted.first(db, range)
  return { unread: row?.unread ?? 0, first: row?.first ?? null }
}

const some = statement<UnreadRange>()((db, p) =>
  db
    .selectFrom('messages')
    .select(['id', 'seq', 'author'])
    .where('channel_id', '=', p.channelId)
    .where('seq', '>', p.after)
    .where((eb) => eb('in_channel', '=', eb.lit(1)))
    .where((eb) => eb('to_read', '=', eb.lit(1)))
    .where('deleted_at', 'is', null)
    .where((or) => or.or([or('author_uid', 'is', null), or('author_uid', '!=', p.uid)]))
    .orderBy('seq')
    .limit(p.limit),
)

export const firstUnread = (
  db: Snapshot,
  range: UnreadRange,
): Promise<{ id: BigId; seq: number; author: string | null }[]> => some.all(db, range)

const seqOf = statement<{ channelId: BigId; id: BigId }>()((db, p) =>
  db
    .selectFrom('messages')
    .select('seq')
    .where('channel_id', '=', p.channelId)
    .where('id', '=', p.id)
    .where((eb) => eb('in_channel', '=', eb.lit(1))),
)

/** Where a message stands in its channel, if it does. */
export const seqOfMessage = async (
  db: Snapshot,
  channelId: BigId,
  id: BigId,
): Promise<number | undefined> => (await seqOf.first(db, { channelId, id }))?.seq

const unreadChannels = statement<{ uid: BigId; after: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('memberships')
    .innerJoin('channels', 'channels.id', 'memberships.channel_id')
    .select([
      'memberships.channel_id',
      'memberships.read_seq',
      'memberships.unread_from',
      'memberships.visible_from',
      'memberships.muted_until',
      'memberships.hidden_up_to',
      'memberships.archived_at',
      'channels.ordinal',
      'channels.floor',
    ])
    .where('memberships.uid', '=', p.uid)
    .where('memberships.state', '=', 'joined')
    .where('memberships.channel_id', '>', p.after)
    .where('channels.deleted_at', 'is', null)
    .where('channels.state', '<>', DISABLED)
    .where((eb) =>
      eb.or([
        eb('channels.last_message_seq', '>', eb.ref('memberships.read_seq')),
        eb('memberships.unread_from', 'is not', null),
      ]),
    )
    .orderBy('memberships.channel_id')
    .limit(p.limit),
)

type Chosen = 'channel_id' | 'visible_from' | 'muted_until' | 'hidden_up_to' | 'archived_at'

export interface MaybeUnread extends ReadRow, Pick<Readonly<MembershipsTable>, Chosen> {
  readonly ordinal: number
  readonly floor: number
}

/** Channels of a user in which something came after what was read. */
export const maybeUnread = (
  db: Snapshot,
  page: { uid: BigId; after: BigId; limit: number },
): Promise<MaybeUnread[]> => unreadChannels.all(db, page)
