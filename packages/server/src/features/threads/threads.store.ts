import type { MessageThread } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId, Millis, ThreadsTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

export type ThreadRow = Readonly<ThreadsTable>

const byRoot = statement<{ channelId: BigId; rootSeq: number }>()((db, p) =>
  db
    .selectFrom('threads')
    .selectAll()
    .where('channel_id', '=', p.channelId)
    .where('root_seq', '=', p.rootSeq),
)

export const threadAt = (
  db: Snapshot,
  channelId: BigId,
  rootSeq: number,
): Promise<ThreadRow | undefined> => byRoot.first(db, { channelId, rootSeq })

const save = statement<{
  channelId: BigId
  rootSeq: number
  rootId: BigId
  replies: number
  lastReplySeq: number
  lastReplyAt: Millis | null
  faces: string
  version: number
}>()((db, p) =>
  db
    .insertInto('threads')
    .values({
      channel_id: p.channelId,
      root_seq: p.rootSeq,
      root_id: p.rootId,
      replies: p.replies,
      last_reply_seq: p.lastReplySeq,
      last_reply_at: p.lastReplyAt,
      faces: p.faces,
      version: p.version,
    })
    .onConflict((conflict) =>
      conflict.columns(['channel_id', 'root_seq']).doUpdateSet({
        replies: p.replies,
        last_reply_seq: p.lastReplySeq,
        last_reply_at: p.lastReplyAt,
        faces: p.faces,
        version: p.version,
      }),
    ),
)

export const saveThread = (tx: Changes, row: ThreadRow): void =>
  save.put(tx, {
    channelId: row.channel_id,
    rootSeq: row.root_seq,
    rootId: row.root_id,
    replies: row.replies,
    lastReplySeq: row.last_reply_seq,
    lastReplyAt: row.last_reply_at,
    faces: row.faces,
    version: row.version,
  })

const changed = statement<{
  channelId: BigId
  after: number
  visibleFrom: number
  limit: number
}>()((db, p) =>
  db
    .selectFrom('threads')
    .selectAll()
    .where('channel_id', '=', p.channelId)
    .where('version', '>', p.after)
    .where('root_seq', '>', p.visibleFrom)
    .orderBy('version')
    .limit(p.limit),
)

/** Threads whose summary changed above a seq. */
export const threadsChanged = (
  db: Snapshot,
  range: { channelId: BigId; after: number; visibleFrom: number; limit: number },
): Promise<ThreadRow[]> => changed.all(db, range)

const newest = statement<{ channelId: BigId; rootSeq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('messages')
    .select(['seq', 'created_at', 'author'])
    .where('channel_id', '=', p.channelId)
    .where('thread_root_seq', '=', p.rootSeq)
    .where('deleted_at', 'is', null)
    .orderBy('seq', 'desc')
    .limit(p.limit),
)

/** The newest replies that are not deleted, the newest first. */
export const newestReplies = (
  db: Snapshot,
  range: { channelId: BigId; rootSeq: number; limit: number },
): Promise<{ seq: number; created_at: Millis; author: string | null }[]> => newest.all(db, range)

export const facesOf = (row: Pick<ThreadRow, 'faces'>): string[] =>
  fromJson<string[]>(row.faces, [])

export const publicThread = (row: ThreadRow): MessageThread => ({
  rootId: row.root_id,
  rootSeq: row.root_seq,
  replies: row.replies,
  lastReplySeq: row.last_reply_seq,
  lastReplyAt: row.last_reply_at,
  faces: facesOf(row),
  version: row.version,
})

const some = statement<{ channelId: BigId; upTo: number; limit: number }>()((db, p) =>
  db
    .selectFrom('thread_members')
    .select(['uid', 'root_seq as rootSeq'])
    .where('channel_id', '=', p.channelId)
    .where('root_seq', '<=', p.upTo)
    .orderBy('root_seq')
    .limit(p.limit),
)
const dropMember = statement<{ uid: BigId; channelId: BigId; rootSeq: number }>()((db, p) =>
  db
    .deleteFrom('thread_members')
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('root_seq', '=', p.rootSeq),
)
const dropThreads = statement<{ channelId: BigId; upTo: number }>()((db, p) =>
  db.deleteFrom('threads').where('channel_id', '=', p.channelId).where('root_seq', '<=', p.upTo),
)

/** A slice of the threads of a channel whose root stands up to a seq. Resolves whether there may be more. */
export async function dropThreadsOf(
  tx: Changes,
  { channelId, upTo, limit }: { channelId: BigId; upTo: number; limit: number },
): Promise<boolean> {
  const rows = await some.all(tx, { channelId, upTo, limit })
  for (const row of rows) dropMember.put(tx, { channelId, ...row })
  if (rows.length < limit) dropThreads.put(tx, { channelId, upTo })
  return rows.length === limit
}
