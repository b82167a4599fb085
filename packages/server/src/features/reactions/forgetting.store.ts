import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { removeReaction } from './reactions.store.ts'

const markDropped = statement<{ channelId: BigId; seq: number; at: Millis }>()((db, p) =>
  db
    .updateTable('reaction_counts')
    .set({ dropped_at: p.at })
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '=', p.seq),
)

/** The message became a tombstone: its reactions go by and by. */
export const dropReactions = (tx: Changes, channelId: BigId, seq: number, at: Millis): void =>
  markDropped.put(tx, { channelId, seq, at })

const dropped = statement<{ limit: number }>()((db, p) =>
  db
    .selectFrom('reaction_counts')
    .select(['channel_id', 'message_seq'])
    .where('dropped_at', 'is not', null)
    .orderBy('dropped_at')
    .limit(p.limit),
)
export const droppedMessages = (
  db: Snapshot,
  limit: number,
): Promise<{ channel_id: BigId; message_seq: number }[]> => dropped.all(db, { limit })

const someOf = statement<{ channelId: BigId; low: number; high: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('reactions')
      .select(['message_seq as seq', 'emoji', 'uid'])
      .where('channel_id', '=', p.channelId)
      .where('message_seq', '>=', p.low)
      .where('message_seq', '<=', p.high)
      .orderBy('message_seq')
      .orderBy('emoji')
      .orderBy('uid')
      .limit(p.limit),
)
const forget = statement<{ channelId: BigId; low: number; high: number }>()((db, p) =>
  db
    .deleteFrom('reaction_counts')
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '>=', p.low)
    .where('message_seq', '<=', p.high),
)

/** Removes reactions to a range of messages, so many at most, and with the last of them the counts. */
export async function removeSome(
  tx: Changes,
  range: { channelId: BigId; low: number; high: number },
  limit: number,
): Promise<boolean> {
  const rows = await someOf.all(tx, { ...range, limit })
  for (const row of rows) removeReaction(tx, { channelId: range.channelId, ...row })
  if (rows.length < limit) forget.put(tx, range)
  return rows.length === limit
}
