import type { Changes, Snapshot } from '../../store/engine.ts'
import type { ThreadMembersTable } from '../../store/ownSchema.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

export type FollowerRow = Readonly<ThreadMembersTable>

interface Place {
  readonly uid: BigId
  readonly channelId: BigId
  readonly rootSeq: number
}

const byPlace = statement<{ uid: BigId; channelId: BigId; rootSeq: number }>()((db, p) =>
  db
    .selectFrom('thread_members')
    .selectAll()
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('root_seq', '=', p.rootSeq),
)

export const followerAt = (db: Snapshot, place: Place): Promise<FollowerRow | undefined> =>
  byPlace.first(db, { ...place })

const save = statement<{
  uid: BigId
  channelId: BigId
  rootSeq: number
  following: number
  readSeq: number
}>()((db, p) =>
  db
    .insertInto('thread_members')
    .values({
      uid: p.uid,
      channel_id: p.channelId,
      root_seq: p.rootSeq,
      following: p.following,
      read_seq: p.readSeq,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['uid', 'channel_id', 'root_seq'])
        .doUpdateSet({ following: p.following, read_seq: p.readSeq }),
    ),
)

export const saveFollower = (
  tx: Changes,
  row: Place & { readonly following: boolean; readonly readSeq: number },
): void => save.put(tx, { ...row, following: row.following ? 1 : 0 })

const begin = statement<{ uid: BigId; channelId: BigId; rootSeq: number; readSeq: number }>()(
  (db, p) =>
    db
      .insertInto('thread_members')
      .values((eb) => ({
        uid: p.uid,
        channel_id: p.channelId,
        root_seq: p.rootSeq,
        following: eb.lit(1),
        read_seq: p.readSeq,
      }))
      .onConflict((conflict) => conflict.doNothing()),
)

/** Follows from here on, unless the user has already chosen. */
export const followUnlessKnown = (tx: Changes, row: Place & { readonly readSeq: number }): void =>
  begin.put(tx, { ...row })

const draw = statement<{ uid: BigId; channelId: BigId; rootSeq: number; readSeq: number }>()(
  (db, p) =>
    db
      .insertInto('thread_members')
      .values((eb) => ({
        uid: p.uid,
        channel_id: p.channelId,
        root_seq: p.rootSeq,
        following: eb.lit(1),
        read_seq: p.readSeq,
      }))
      .onConflict((conflict) =>
        conflict
          .columns(['uid', 'channel_id', 'root_seq'])
          .doUpdateSet((eb) => ({ following: eb.lit(1) })),
      ),
)

/** Follows, and keeps what was read before. */
export const drawIn = (tx: Changes, row: Place & { readonly readSeq: number }): void =>
  draw.put(tx, { ...row })

const unread = statement<{
  channelId: BigId
  rootSeq: number
  after: number
  uid: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom((eb) =>
      eb
        .selectFrom('messages')
        .select('seq')
        .where('channel_id', '=', p.channelId)
        .where('thread_root_seq', '=', p.rootSeq)
        .where('seq', '>', p.after)
        .where('deleted_at', 'is', null)
        .where((silent) => silent('silent', '=', silent.lit(0)))
        .where((or) => or.or([or('author_uid', 'is', null), or('author_uid', '!=', p.uid)]))
        .orderBy('seq')
        .limit(p.limit)
        .as('some'),
    )
    .select((eb) => [eb.fn.countAll<number>().as('unread'), eb.fn.min('some.seq').as('first')]),
)

/** How many replies of others stand above a seq, up to a limit, and the first of them. */
export async function countReplies(
  db: Snapshot,
  range: { channelId: BigId; rootSeq: number; after: number; uid: BigId; limit: number },
): Promise<{ readonly unread: number; readonly first: number | null }> {
  const row = await unread.first(db, range)
  return { unread: row?.unread ?? 0, first: row?.first ?? null }
}
