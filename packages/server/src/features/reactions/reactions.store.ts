import type { ReactionCounts } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** A message as far as reactions go. */
export interface ReactedRow {
  readonly seq: number
  readonly thread_root_seq: number | null
  readonly in_channel: number
  readonly kind: 'text' | 'system'
  readonly deleted_at: Millis | null
  /** Null before the first reaction. */
  readonly counts: string | null
  readonly version: number | null
}

const reacted = statement<{ channelId: BigId; id: BigId }>()((db, p) =>
  db
    .selectFrom('messages')
    .leftJoin('reaction_counts', (join) =>
      join
        .onRef('reaction_counts.channel_id', '=', 'messages.channel_id')
        .onRef('reaction_counts.message_seq', '=', 'messages.seq'),
    )
    .select([
      'messages.seq',
      'messages.thread_root_seq',
      'messages.in_channel',
      'messages.kind',
      'messages.deleted_at',
      'reaction_counts.counts',
      'reaction_counts.version',
    ])
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.id', '=', p.id),
)

export const reactedMessage = (
  db: Snapshot,
  channelId: BigId,
  id: BigId,
): Promise<ReactedRow | undefined> => reacted.first(db, { channelId, id })

/** The seq above which one must see to see this message: its own, or that of what it replies to. */
export const subjectOf = ({ seq, thread_root_seq, in_channel }: ReactedRow): number =>
  in_channel ? seq : (thread_root_seq ?? seq)

export const countsOf = (text: string | null): ReactionCounts => fromJson(text, {})

const own = statement<{ channelId: BigId; uid: BigId; seq: number }>()((db, p) =>
  db
    .selectFrom('reactions')
    .select(['emoji', 'score'])
    .where('channel_id', '=', p.channelId)
    .where('uid', '=', p.uid)
    .where('message_seq', '=', p.seq)
    .orderBy('emoji'),
)

/** What one user has on one message. */
export async function ownOn(
  db: Snapshot,
  at: { readonly channelId: BigId; readonly uid: BigId; readonly seq: number },
): Promise<ReactionCounts> {
  const rows = await own.all(db, at)
  return Object.fromEntries(rows.map(({ emoji, score }) => [emoji, score]))
}

const ownBetween = statement<{ channelId: BigId; uid: BigId; low: number; high: number }>()(
  (db, p) =>
    db
      .selectFrom('reactions')
      .select(['message_seq', 'emoji', 'score'])
      .where('channel_id', '=', p.channelId)
      .where('uid', '=', p.uid)
      .where('message_seq', '>=', p.low)
      .where('message_seq', '<=', p.high)
      .orderBy('message_seq')
      .orderBy('emoji'),
)

export const ownReactionsBetween = (
  db: Snapshot,
  range: { channelId: BigId; uid: BigId; low: number; high: number },
): Promise<{ message_seq: number; emoji: string; score: number }[]> => ownBetween.all(db, range)

const put = statement<{
  channelId: BigId
  seq: number
  emoji: string
  uid: BigId
  score: number
  at: Millis
}>()((db, p) =>
  db
    .insertInto('reactions')
    .values({
      channel_id: p.channelId,
      message_seq: p.seq,
      emoji: p.emoji,
      uid: p.uid,
      score: p.score,
      at: p.at,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['channel_id', 'message_seq', 'emoji', 'uid'])
        .doUpdateSet({ score: p.score, at: p.at }),
    ),
)
const drop = statement<{ channelId: BigId; seq: number; emoji: string; uid: BigId }>()((db, p) =>
  db
    .deleteFrom('reactions')
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '=', p.seq)
    .where('emoji', '=', p.emoji)
    .where('uid', '=', p.uid),
)

interface Reacted {
  readonly channelId: BigId
  readonly seq: number
  readonly emoji: string
  readonly uid: BigId
}

export const removeReaction = (tx: Changes, reacted: Reacted): void => drop.put(tx, reacted)

export interface Reaction extends Reacted {
  /** 0 for none. */
  readonly score: number
}

export function saveReaction(tx: Changes, reaction: Reaction, at: Millis): void {
  if (reaction.score > 0) put.put(tx, { ...reaction, at })
  else removeReaction(tx, reaction)
}

const saveCountsRow = statement<{
  channelId: BigId
  seq: number
  version: number
  counts: string
}>()((db, p) =>
  db
    .insertInto('reaction_counts')
    .values({
      channel_id: p.channelId,
      message_seq: p.seq,
      version: p.version,
      counts: p.counts,
      dropped_at: null,
    })
    .onConflict((conflict) =>
      conflict
        .columns(['channel_id', 'message_seq'])
        .doUpdateSet({ version: p.version, counts: p.counts }),
    ),
)

export const saveCounts = (
  tx: Changes,
  row: { channelId: BigId; seq: number; version: number; counts: ReactionCounts },
): void => saveCountsRow.put(tx, { ...row, counts: JSON.stringify(row.counts) })

const changed = statement<{
  channelId: BigId
  after: number
  visibleFrom: number
  limit: number
}>()((db, p) =>
  db
    .selectFrom('reaction_counts')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'reaction_counts.channel_id')
        .onRef('messages.seq', '=', 'reaction_counts.message_seq'),
    )
    .select([
      'messages.id',
      'reaction_counts.message_seq',
      'reaction_counts.version',
      'reaction_counts.counts',
    ])
    .where('reaction_counts.channel_id', '=', p.channelId)
    .where('reaction_counts.version', '>', p.after)
    .where('reaction_counts.message_seq', '>', p.visibleFrom)
    .where('messages.version', '<=', p.after)
    .where('messages.deleted_at', 'is', null)
    .where((eb) =>
      eb.or([
        eb('messages.in_channel', '=', eb.lit(1)),
        eb('messages.thread_root_seq', '>', p.visibleFrom),
      ]),
    )
    .orderBy('reaction_counts.version', 'desc')
    .limit(p.limit),
)

/** Messages of which nothing but the reactions changed above a seq, the latest change first. */
export const reactionsChanged = (
  db: Snapshot,
  range: { channelId: BigId; after: number; visibleFrom: number; limit: number },
): Promise<{ id: BigId; message_seq: number; version: number; counts: string }[]> =>
  changed.all(db, range)

const page = statement<{
  channelId: BigId
  seq: number
  first: string
  last: string
  emoji: string
  uid: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom('reactions')
    .innerJoin('users', 'users.uid', 'reactions.uid')
    .selectAll('users')
    .select(['reactions.emoji', 'reactions.score', 'reactions.at'])
    .where('reactions.channel_id', '=', p.channelId)
    .where('reactions.message_seq', '=', p.seq)
    .where('reactions.emoji', '>=', p.first)
    .where('reactions.emoji', '<=', p.last)
    .where((eb) =>
      eb.or([
        eb('reactions.emoji', '>', p.emoji),
        eb.and([eb('reactions.emoji', '=', p.emoji), eb('reactions.uid', '>', p.uid)]),
      ]),
    )
    .orderBy('reactions.emoji')
    .orderBy('reactions.uid')
    .limit(p.limit),
)
/** Above every text that may be stored. */
const HIGHEST = '\u{10FFFF}'

/** Who reacted, behind a position; with one emoji or, for null, with any. */
export const pageOfReactions = (
  db: Snapshot,
  {
    emoji,
    after,
    ...at
  }: {
    readonly channelId: BigId
    readonly seq: number
    readonly emoji: string | null
    readonly after: { readonly emoji: string; readonly uid: BigId }
    readonly limit: number
  },
) => page.all(db, { ...at, first: emoji ?? '', last: emoji ?? HIGHEST, ...after })
