import { sql } from 'kysely'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const someBetween = statement<{ channelId: BigId; above: number; upTo: number }>()((db, p) =>
  db
    .selectFrom('messages')
    .select('seq')
    .where('channel_id', '=', p.channelId)
    .where('seq', '>', p.above)
    .where('seq', '<=', p.upTo)
    .orderBy('seq')
    .limit(1),
)

export const holdsMessages = async (
  db: Snapshot,
  range: { channelId: BigId; above: number; upTo: number },
): Promise<boolean> => (await someBetween.first(db, range)) !== undefined

/** Truncated channels that still hold something from below their floor. */
export const unpurgedBelow = statement<{ limit: number }>()((db, p) =>
  db
    .selectFrom('channels')
    .select(['id', 'floor'])
    .whereRef('purged_up_to', '<', 'floor')
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(p.limit),
)

const looseReplies = statement<{ channelId: BigId; upTo: number; limit: number }>()((db, p) =>
  db
    .selectFrom('messages')
    .select('seq')
    .where('channel_id', '=', p.channelId)
    .where('thread_root_seq', '<=', p.upTo)
    .where('seq', '>', p.upTo)
    .where((eb) => eb('in_channel', '=', eb.lit(0)))
    .limit(p.limit),
)
const dropMessage = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db.deleteFrom('messages').where('channel_id', '=', p.channelId).where('seq', '=', p.seq),
)

/** Replies that stand in their thread alone, and whose root is below the floor: nobody sees them any more. */
export async function dropLooseReplies(
  tx: Changes,
  range: { channelId: BigId; upTo: number; limit: number },
): Promise<readonly number[]> {
  const rows = await looseReplies.all(tx, range)
  for (const { seq } of rows) dropMessage.put(tx, { channelId: range.channelId, seq })
  return rows.map(({ seq }) => seq)
}

/** So that those that are left and those that went are still as many as the ordinal says. */
export const countPurged = statement<{ channelId: BigId; count: number }>()((db, p) =>
  db
    .updateTable('channels')
    .set((eb) => ({ purged_ordinal: eb('purged_ordinal', '+', p.count) }))
    .where('id', '=', p.channelId),
)

/**
 * The copies of messages that were kept for telling. All of the channel: an edit stands above the floor, and what was
 * told is not told again.
 */
export const emptyMessageFrames = statement<{ channelId: BigId }>()((db, p) =>
  db
    .updateTable('outbox')
    .set({ frame: sql.lit(''), meta: sql.lit('{"access":[]}') })
    .where('stream_id', '=', p.channelId)
    .where('published_at', 'is not', null)
    .where('frame', 'like', sql.lit('%"name":"message.%')),
)

export const notePurged = statement<{ channelId: BigId; upTo: number }>()((db, p) =>
  db.updateTable('channels').set({ purged_up_to: p.upTo }).where('id', '=', p.channelId),
)
