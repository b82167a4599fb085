import { createHash } from 'node:crypto'
import { type Mention, type Message, SystemNote, type ThreadSummary } from '@tertulia/protocol'
import { fromJson } from '../../store/json.ts'
import type { MessagesTable } from '../../store/schema.ts'
import { countsOf } from '../reactions/index.ts'
import { facesOf } from '../threads/index.ts'

/** A message with what follows from its reactions and its replies. */
export type MessageRow = Readonly<MessagesTable> & {
  /** Null before the first reaction. */
  readonly counts: string | null
  readonly reactions_version: number | null
  /** Null when it began no thread. */
  readonly replies: number | null
  readonly last_reply_seq: number | null
  readonly last_reply_at: number | null
  readonly faces: string | null
  readonly thread_version: number | null
}
export type UnhashedRow = Omit<MessageRow, 'hash'>

/** A new message has neither reactions nor replies. */
export const UNANSWERED = {
  counts: null,
  reactions_version: null,
  replies: null,
  last_reply_seq: null,
  last_reply_at: null,
  faces: null,
  thread_version: null,
} as const

/** What the hash is over. */
type HashedRow = Omit<Readonly<MessagesTable>, 'hash' | 'to_read'>

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
        // Rows from before there were threads keep their hash.
        ...(row.thread_root_seq === null
          ? []
          : [row.thread_root_seq, row.thread_root_id, row.in_channel]),
        // And so do those from before there were system messages.
        ...(row.system === null && !row.silent ? [] : [row.system, row.silent]),
      ]),
    )
    .digest('base64url')

/** Spans that say nothing are left out. */
export const mentionsOf = (text: string): Mention[] =>
  fromJson<(Mention | null)[]>(text, []).filter(
    (mention): mention is Mention => typeof mention?.kind === 'string',
  )

/** Nothing where it cannot be read: such a message is to a client one of an event that it does not know. */
function systemPart({ system, deleted_at }: UnhashedRow): { readonly system?: SystemNote } {
  if (system === null || deleted_at !== null) return {}
  const { data } = SystemNote.safeParse(fromJson(system, {}))
  return data ? { system: data } : {}
}

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
  ...systemPart(row),
  ...(row.silent ? { silent: true as const } : {}),
  ...(row.quoted_id === null ? {} : { quotedId: row.quoted_id }),
  ...(row.thread_root_id === null ? {} : { threadRootId: row.thread_root_id }),
  ...(row.thread_root_id !== null && row.in_channel ? { alsoInChannel: true as const } : {}),
  ...(row.replies === null ? {} : { thread: summaryOf(row) }),
  mentions: mentionsOf(row.mentions),
  attachments: [],
  reactions: row.deleted_at === null ? countsOf(row.counts) : {},
  reactionsVersion: row.deleted_at === null ? (row.reactions_version ?? 0) : 0,
  custom: fromJson(row.custom, {}),
  createdAt: row.created_at,
  ...(row.edited_at === null ? {} : { editedAt: row.edited_at }),
  ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
})

const summaryOf = (row: UnhashedRow): ThreadSummary => ({
  replies: row.replies ?? 0,
  lastReplySeq: row.last_reply_seq ?? 0,
  lastReplyAt: row.last_reply_at,
  faces: facesOf({ faces: row.faces ?? '[]' }),
  version: row.thread_version ?? 0,
})

type Placed = Pick<MessagesTable, 'seq' | 'thread_root_seq' | 'in_channel'>

/** Who sees what stands at this seq sees the message: a reply in its thread alone is part of what it replies to. */
export const subjectOf = ({ seq, thread_root_seq, in_channel }: Placed): number =>
  in_channel ? seq : (thread_root_seq ?? seq)

/** Whether a member sees a message. */
export const sees = ({ visibleFrom }: { readonly visibleFrom: number }, message: Placed): boolean =>
  subjectOf(message) > visibleFrom
