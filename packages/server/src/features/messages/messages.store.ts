import { createHash } from 'node:crypto'
import type { Mention, Message } from '@tertulia/protocol'
import type { Kysely } from 'kysely'
import type { Tx } from '../../kernel/transaction.ts'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId, MessagesTable, Millis, Schema } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { noteChange } from '../access/index.ts'
import { countsOf } from '../reactions/index.ts'

/** A message with what follows from its reactions. */
export type MessageRow = Readonly<MessagesTable> & {
  /** Null before the first reaction. */
  readonly counts: string | null
  readonly reactions_version: number | null
}
export type UnhashedRow = Omit<MessageRow, 'hash'>
/** What the hash is over. */
type HashedRow = Omit<Readonly<MessagesTable>, 'hash' | 'to_read'>

const messagesWithReactions = (db: Kysely<Schema>) =>
  db
    .selectFrom('messages')
    .leftJoin('reaction_counts', (join) =>
      join
        .onRef('reaction_counts.channel_id', '=', 'messages.channel_id')
        .onRef('reaction_counts.message_seq', '=', 'messages.seq'),
    )
    .selectAll('messages')
    .select(['reaction_counts.counts', 'reaction_counts.version as reactions_version'])

/** Over every column, so that damage below the engine's own checks is found by whoever recounts. */
export const rowHash = (row: HashedRow): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        row.channel_id,
        row.seq,
        row.id,
        row.version,
        row.author_uid,
        row.author,
        row.client_id,
        row.kind,
        row.text,
        row.quoted_id,
        row.mentions,
        row.custom,
        row.created_at,
        row.edited_at,
        row.deleted_at,
      ]),
    )
    .digest('base64url')

const insert = statement<{
  channelId: BigId
  seq: number
  id: BigId
  version: number
  authorUid: BigId | null
  author: string | null
  clientId: string
  kind: MessagesTable['kind']
  text: string | null
  quotedId: BigId | null
  mentions: string
  custom: string
  createdAt: Millis
  toRead: number
  hash: string
}>()((db, p) =>
  db.insertInto('messages').values({
    channel_id: p.channelId,
    seq: p.seq,
    id: p.id,
    version: p.version,
    author_uid: p.authorUid,
    author: p.author,
    client_id: p.clientId,
    kind: p.kind,
    text: p.text,
    quoted_id: p.quotedId,
    mentions: p.mentions,
    custom: p.custom,
    created_at: p.createdAt,
    edited_at: null,
    deleted_at: null,
    to_read: p.toRead,
    hash: p.hash,
  }),
)

export const insertMessage = (tx: Changes, row: UnhashedRow): void =>
  insert.put(tx, {
    channelId: row.channel_id,
    seq: row.seq,
    id: row.id,
    version: row.version,
    authorUid: row.author_uid,
    author: row.author,
    clientId: row.client_id,
    kind: row.kind,
    text: row.text,
    quotedId: row.quoted_id,
    mentions: row.mentions,
    custom: row.custom,
    createdAt: row.created_at,
    toRead: row.to_read,
    hash: rowHash(row),
  })

const update = statement<{
  channelId: BigId
  seq: number
  version: number
  text: string | null
  quotedId: BigId | null
  mentions: string
  custom: string
  editedAt: Millis | null
  deletedAt: Millis | null
  hash: string
}>()((db, p) =>
  db
    .updateTable('messages')
    .set({
      version: p.version,
      text: p.text,
      quoted_id: p.quotedId,
      mentions: p.mentions,
      custom: p.custom,
      edited_at: p.editedAt,
      deleted_at: p.deletedAt,
      hash: p.hash,
    })
    .where('channel_id', '=', p.channelId)
    .where('seq', '=', p.seq),
)

export const saveMessage = (tx: Changes, row: UnhashedRow): void =>
  update.put(tx, {
    channelId: row.channel_id,
    seq: row.seq,
    version: row.version,
    text: row.text,
    quotedId: row.quoted_id,
    mentions: row.mentions,
    custom: row.custom,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    hash: rowHash(row),
  })

const saveNewest = statement<{
  channelId: BigId
  seq: number
  at: Millis
  ordinal: number
}>()((db, p) =>
  db
    .updateTable('channels')
    .set({ last_message_at: p.at, last_message_seq: p.seq, ordinal: p.ordinal })
    .where('id', '=', p.channelId),
)

/** Written once for a whole batch: only the newest of its messages counts. */
export function noteNewest(
  tx: Tx,
  { channel_id, seq, created_at }: UnhashedRow,
  ordinal: number,
): void {
  noteChange(tx, channel_id, { last_message_seq: seq, last_message_at: created_at, ordinal })
  tx.atEnd(`newest ${channel_id}`, () =>
    saveNewest.put(tx, { channelId: channel_id, seq, at: created_at, ordinal }),
  )
}

const bySeq = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  messagesWithReactions(db)
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.seq', '=', p.seq),
)
const byId = statement<{ channelId: BigId; id: BigId }>()((db, p) =>
  messagesWithReactions(db)
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.id', '=', p.id),
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

const older = statement<{ channelId: BigId; above: number; below: number; limit: number }>()(
  (db, p) =>
    messagesWithReactions(db)
      .where('messages.channel_id', '=', p.channelId)
      .where('messages.seq', '>', p.above)
      .where('messages.seq', '<', p.below)
      .orderBy('messages.seq', 'desc')
      .limit(p.limit),
)
const newer = statement<{ channelId: BigId; above: number; limit: number }>()((db, p) =>
  messagesWithReactions(db)
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.seq', '>', p.above)
    .orderBy('messages.seq')
    .limit(p.limit),
)

/** Up to `limit` messages with above < seq < below, the newest of them, oldest first. */
export async function messagesBefore(
  db: Snapshot,
  range: { channelId: BigId; above: number; below: number; limit: number },
): Promise<MessageRow[]> {
  return (await older.all(db, range)).reverse()
}

/** Up to `limit` messages with seq > above, the oldest of them, oldest first. */
export const messagesAfter = (
  db: Snapshot,
  range: { channelId: BigId; above: number; limit: number },
): Promise<MessageRow[]> => newer.all(db, range)

const changed = statement<{
  channelId: BigId
  after: number
  visibleFrom: number
  limit: number
}>()((db, p) =>
  messagesWithReactions(db)
    .where('messages.channel_id', '=', p.channelId)
    .where('messages.version', '>', p.after)
    .where('messages.seq', '>', p.visibleFrom)
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

/** Spans that say nothing are left out. */
export const mentionsOf = (text: string): Mention[] =>
  fromJson<(Mention | null)[]>(text, []).filter(
    (mention): mention is Mention => typeof mention?.kind === 'string',
  )

/** What a reader sees of a stored message. */
export const publicMessage = (row: UnhashedRow): Message => ({
  id: row.id,
  channelId: row.channel_id,
  seq: row.seq,
  version: row.version,
  clientId: row.client_id,
  author: row.author,
  kind: row.kind,
  text: row.deleted_at === null ? row.text : null,
  ...(row.quoted_id === null ? {} : { quotedId: row.quoted_id }),
  mentions: mentionsOf(row.mentions),
  attachments: [],
  reactions: row.deleted_at === null ? countsOf(row.counts) : {},
  reactionsVersion: row.deleted_at === null ? (row.reactions_version ?? 0) : 0,
  custom: fromJson(row.custom, {}),
  createdAt: row.created_at,
  ...(row.edited_at === null ? {} : { editedAt: row.edited_at }),
  ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
})
