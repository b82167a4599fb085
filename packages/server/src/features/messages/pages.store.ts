import type { Kysely } from 'kysely'
import type { Snapshot } from '../../store/engine.ts'
import type { BigId, Schema } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import type { MessageRow } from './row.ts'

const wholeMessages = (db: Kysely<Schema>) =>
  db
    .selectFrom('messages')
    .leftJoin('reaction_counts', (join) =>
      join
        .onRef('reaction_counts.channel_id', '=', 'messages.channel_id')
        .onRef('reaction_counts.message_seq', '=', 'messages.seq'),
    )
    .leftJoin('threads', (join) =>
      join
        .onRef('threads.channel_id', '=', 'messages.channel_id')
        .onRef('threads.root_seq', '=', 'messages.seq'),
    )
    .selectAll('messages')
    .select([
      'reaction_counts.counts',
      'reaction_counts.version as reactions_version',
      'threads.replies',
      'threads.last_reply_seq',
      'threads.last_reply_at',
      'threads.faces',
      'threads.version as thread_version',
    ])

const bySeq = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  wholeMessages(db)
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.seq', '=', p.seq),
)
const byId = statement<{ channelId: BigId; id: BigId }>()((db, p) =>
  wholeMessages(db).where('messages.channel_id', '=', p.channelId).where('messages.id', '=', p.id),
)

export const messageBySeq = (
  db: Snapshot,
  channelId: BigId,
  seq: number,
): Promise<MessageRow | undefined> => bySeq.first(db, { channelId, seq })
export const messageById = (
  db: Snapshot,
  channelId: BigId,
  id: BigId,
): Promise<MessageRow | undefined> => byId.first(db, { channelId, id })

/** A piece of a channel, or of one of its threads. */
interface Piece {
  readonly channelId: BigId
  /** What stands in the channel when it is null, else the replies to the message at this seq. */
  readonly rootSeq: number | null
  readonly limit: number
}

interface Bounds extends Piece {
  readonly above: number
  readonly below: number
}

type Order = 'asc' | 'desc'

const inChannel = (order: Order) =>
  statement<{
    channelId: BigId
    above: number
    below: number
    limit: number
  }>()((db, p) =>
    wholeMessages(db)
      .where('messages.channel_id', '=', p.channelId)
      .where((eb) => eb('messages.in_channel', '=', eb.lit(1)))
      .where('messages.seq', '>', p.above)
      .where('messages.seq', '<', p.below)
      .orderBy('messages.seq', order)
      .limit(p.limit),
  )

const inThread = (order: Order) =>
  statement<{
    channelId: BigId
    rootSeq: number
    above: number
    below: number
    limit: number
  }>()((db, p) =>
    wholeMessages(db)
      .where('messages.channel_id', '=', p.channelId)
      .where('messages.thread_root_seq', '=', p.rootSeq)
      .where('messages.seq', '>', p.above)
      .where('messages.seq', '<', p.below)
      .orderBy('messages.seq', order)
      .limit(p.limit),
  )

const statements = {
  asc: { inChannel: inChannel('asc'), inThread: inThread('asc') },
  desc: { inChannel: inChannel('desc'), inThread: inThread('desc') },
}

function rowsOf(db: Snapshot, order: Order, { rootSeq, ...bounds }: Bounds): Promise<MessageRow[]> {
  const { inChannel, inThread } = statements[order]
  return rootSeq === null ? inChannel.all(db, bounds) : inThread.all(db, { ...bounds, rootSeq })
}

/** Up to `limit` messages with above < seq < below, the newest of them, oldest first. */
export const messagesBefore = async (db: Snapshot, bounds: Bounds): Promise<MessageRow[]> =>
  (await rowsOf(db, 'desc', bounds)).reverse()

/** Up to `limit` messages with seq > above, the oldest of them, oldest first. */
export const messagesAfter = (
  db: Snapshot,
  piece: Piece & { readonly above: number },
): Promise<MessageRow[]> => rowsOf(db, 'asc', { ...piece, below: Number.MAX_SAFE_INTEGER })

const changed = statement<{
  channelId: BigId
  after: number
  visibleFrom: number
  limit: number
}>()((db, p) =>
  wholeMessages(db)
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.version', '>', p.after)
    .where('messages.seq', '>', p.visibleFrom)
    .where((eb) =>
      eb.or([
        eb('messages.in_channel', '=', eb.lit(1)),
        eb('messages.thread_root_seq', '>', p.visibleFrom),
      ]),
    )
    .orderBy('messages.version')
    .limit(p.limit),
)

/** Visible messages that changed above a seq, by version. */
export const messagesChanged = (
  db: Snapshot,
  range: { channelId: BigId; after: number; visibleFrom: number; limit: number },
): Promise<MessageRow[]> => changed.all(db, range)

const deleted = statement<{
  channelId: BigId
  after: number
  visibleFrom: number
  limit: number
}>()((db, p) =>
  db
    .selectFrom('messages')
    .select('id')
    .where('channel_id', '=', p.channelId)
    .where('deleted_at', 'is not', null)
    .where('version', '>', p.after)
    .where('seq', '>', p.visibleFrom)
    .orderBy('version')
    .limit(p.limit),
)

export const tombstonesAbove = async (
  db: Snapshot,
  range: { channelId: BigId; after: number; visibleFrom: number; limit: number },
): Promise<string[]> => (await deleted.all(db, range)).map(({ id }) => id)
