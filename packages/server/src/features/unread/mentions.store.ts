import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const mention = statement<{ uid: BigId; channelId: BigId; seq: number }>()((db, p) =>
  db
    .insertInto('mentions')
    .values({ uid: p.uid, channel_id: p.channelId, message_seq: p.seq })
    .onConflict((conflict) => conflict.doNothing()),
)
const mentionAll = statement<{ channelId: BigId; seq: number; authorUid: BigId | null }>()(
  (db, p) =>
    db
      .insertInto('channel_mentions')
      .values({ channel_id: p.channelId, message_seq: p.seq, author_uid: p.authorUid })
      .onConflict((conflict) => conflict.doNothing()),
)

export const putMention = (tx: Changes, row: { uid: BigId; channelId: BigId; seq: number }): void =>
  mention.put(tx, row)
export const putChannelMention = (
  tx: Changes,
  row: { channelId: BigId; seq: number; authorUid: BigId | null },
): void => mentionAll.put(tx, row)

const drop = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db.deleteFrom('mentions').where('channel_id', '=', p.channelId).where('message_seq', '=', p.seq),
)
const dropAll = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db
    .deleteFrom('channel_mentions')
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '=', p.seq),
)

/** A message mentions nobody any more. */
export function removeMentions(tx: Changes, channelId: BigId, seq: number): void {
  drop.put(tx, { channelId, seq })
  dropAll.put(tx, { channelId, seq })
}

const ofUser = statement<{ uid: BigId; channelId: BigId; after: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('mentions')
      .select('message_seq as seq')
      .where('uid', '=', p.uid)
      .where('channel_id', '=', p.channelId)
      .where('message_seq', '>', p.after)
      .orderBy('message_seq')
      .limit(p.limit),
)
const ofAll = statement<{ uid: BigId; channelId: BigId; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom('channel_mentions')
    .select('message_seq as seq')
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '>', p.after)
    .where((eb) => eb.or([eb('author_uid', 'is', null), eb('author_uid', '!=', p.uid)]))
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('blocks')
            .select('blocks.uid')
            .where('blocks.uid', '=', p.uid)
            .whereRef('blocks.blocked_uid', '=', 'channel_mentions.author_uid'),
        ),
      ),
    )
    .orderBy('message_seq')
    .limit(p.limit),
)

/**
 * The places of messages above a seq that mention a user, or everybody by somebody whom the user does not block: in order,
 * up to a limit.
 */
export async function mentionsAbove(
  db: Snapshot,
  range: { uid: BigId; channelId: BigId; after: number; limit: number },
): Promise<readonly number[]> {
  const [own, all] = await Promise.all([ofUser.all(db, range), ofAll.all(db, range)])
  const seqs = new Set([...own, ...all].map(({ seq }) => seq))
  return [...seqs].sort((a, b) => a - b).slice(0, range.limit)
}

const inChannel = statement<{ channelId: BigId; upTo: number; limit: number }>()((db, p) =>
  db
    .selectFrom('mentions')
    .select(['uid', 'message_seq as seq'])
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '<=', p.upTo)
    .orderBy('message_seq')
    .limit(p.limit),
)
const dropOne = statement<{ uid: BigId; channelId: BigId; seq: number }>()((db, p) =>
  db
    .deleteFrom('mentions')
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '=', p.seq),
)
const dropAllOf = statement<{ channelId: BigId; upTo: number }>()((db, p) =>
  db
    .deleteFrom('channel_mentions')
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '<=', p.upTo),
)

/** A slice of the mentions in a channel up to a seq. Resolves whether there may be more. */
export async function dropMentionsOf(
  tx: Changes,
  { channelId, upTo, limit }: { channelId: BigId; upTo: number; limit: number },
): Promise<boolean> {
  const rows = await inChannel.all(tx, { channelId, upTo, limit })
  for (const row of rows) dropOne.put(tx, { channelId, ...row })
  if (rows.length < limit) dropAllOf.put(tx, { channelId, upTo })
  return rows.length === limit
}
