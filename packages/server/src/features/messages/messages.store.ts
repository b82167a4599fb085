import type { Tx } from '../../kernel/transaction.ts'
import type { Changes } from '../../store/engine.ts'
import type { BigId, MessagesTable, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { type ChannelRow, noteChange } from '../access/index.ts'
import { rowHash, type UnhashedRow } from './row.ts'

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
  threadRootSeq: number | null
  threadRootId: BigId | null
  inChannel: number
  system: string | null
  silent: number
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
    thread_root_seq: p.threadRootSeq,
    thread_root_id: p.threadRootId,
    in_channel: p.inChannel,
    system: p.system,
    silent: p.silent,
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
    threadRootSeq: row.thread_root_seq,
    threadRootId: row.thread_root_id,
    inChannel: row.in_channel,
    system: row.system,
    silent: row.silent,
    hash: rowHash(row),
  })

const update = statement<{
  channelId: BigId
  seq: number
  version: number
  text: string | null
  system: string | null
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
      system: p.system,
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
    system: row.system,
    quotedId: row.quoted_id,
    mentions: row.mentions,
    custom: row.custom,
    editedAt: row.edited_at,
    deletedAt: row.deleted_at,
    hash: rowHash(row),
  })

const saveNewest = statement<{
  channelId: BigId
  seq: number | null
  at: Millis | null
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

/** What a list showed is gone. When somebody spoke last, and how often, stays as it was. */
export function noteNewestGone(
  tx: Tx,
  { id: channelId, last_message_at: at, ordinal }: ChannelRow,
): void {
  noteChange(tx, channelId, { last_message_seq: null })
  // In the place of what a message of the same batch would have written.
  tx.atEnd(`newest ${channelId}`, () => saveNewest.put(tx, { channelId, seq: null, at, ordinal }))
}
