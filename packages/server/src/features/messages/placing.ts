import {
  ChatError,
  type InputOf,
  type MessageThread,
  type sendMessage,
  threadUpdated,
} from '@tertulia/protocol'
import type { Announce, LockedStream, Slot, Tx } from '../../kernel/transaction.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type Access, memberOf } from '../access/index.ts'
import { followerAt, noteReply, noteReplyGone, threadAt } from '../threads/index.ts'
import { hearingOf, isBlocking, noteMentions } from '../unread/index.ts'
import { noteNewest } from './messages.store.ts'
import { messageById } from './pages.store.ts'
import { previewOf } from './preview.ts'
import { type MessageRow, publicMessage, sees, type UnhashedRow } from './row.ts'

type Input = InputOf<typeof sendMessage>

/** Who speaks; null for the app itself. */
export interface Author {
  readonly uid: string
  readonly id: string
}

interface Stored {
  readonly row: UnhashedRow
  readonly input: Input
}

interface Placed extends Stored {
  /** Who is there, by uid, when the message calls them. */
  readonly here: readonly string[]
}

/** A message that stands in the channel. Returns what the channel list shows of it. */
export async function noteInChannel(tx: Tx, { channel }: Access, { row, input, here }: Placed) {
  const ordinal = channel.ordinal + row.to_read
  noteNewest(tx, row, ordinal)
  const last = previewOf(publicMessage(row))
  if (input.silent) return { last }
  const { channel_id: channelId, seq, author_uid: authorUid } = row
  await noteMentions(tx, { channelId, seq, authorUid, mentions: input.mentions, here })
  return { last, ordinal }
}

interface Writing {
  readonly tx: Tx
  readonly announce: Announce
  readonly access: Access & { readonly stream: LockedStream }
}

/** A reply: its root tells of it, right after the reply itself. */
export async function noteInThread(
  { tx, announce, access }: Writing,
  root: MessageRow,
  { row, author, input, here }: Placed & { readonly author: Author | null },
): Promise<void> {
  const slot = access.stream.take()
  const { channel_id: channelId, id, seq } = root
  const { mentions, silent } = input
  const authorUid = row.author_uid
  const followers = {
    root: await drawnByReply(tx, root, authorUid),
    replying: await memberOrNull(tx, channelId, authorUid),
    mentioned: silent ? [] : await hearingOf(tx, { channelId, authorUid, mentions, here }),
  }
  const thread = await noteReply(
    tx,
    { channelId, id, seq },
    { seq: row.seq, at: row.created_at, author: author?.id ?? null, followers, version: slot.seq },
  )
  announceThread(announce, { slot, thread, access, by: author?.id ?? null })
}

/** The author of the root, at the first reply by somebody whom they do not block; then they know of it. */
async function drawnByReply(
  tx: Tx,
  { channel_id: channelId, seq: rootSeq, author_uid: uid }: MessageRow,
  authorUid: string | null,
): Promise<string | null> {
  if (uid === null || (await followerAt(tx, { uid, channelId, rootSeq }))) return null
  if (await isBlocking(tx, uid, authorUid)) return null
  return memberOrNull(tx, channelId, uid)
}

/** Only members follow a thread: who just looks on leaves nothing behind. */
async function memberOrNull(tx: Tx, channelId: string, uid: string | null): Promise<string | null> {
  const row = uid === null ? undefined : await memberOf(tx, channelId, uid)
  return row?.state === 'joined' ? row.uid : null
}

/** A deleted reply: its root shows one less. */
export async function noteGoneFromThread(
  { tx, announce, access }: Writing,
  { channel_id: channelId, thread_root_seq: rootSeq }: UnhashedRow,
  by: string | null,
): Promise<void> {
  // A truncated root tells nothing any more, however long its rows are still there.
  if (rootSeq === null || rootSeq <= access.channel.floor) return
  if (!(await threadAt(tx, channelId, rootSeq))) return
  const slot = access.stream.take()
  const thread = await noteReplyGone(tx, { channelId, rootSeq }, slot.seq)
  announceThread(announce, { slot, thread, access, by })
}

interface Telling {
  readonly slot: Slot
  readonly thread: MessageThread
  readonly access: Access
  readonly by: string | null
}

/** Of a busy thread only the last summary matters. */
const announceThread = (announce: Announce, { slot, thread, access, by }: Telling): void =>
  announce(
    slot,
    threadUpdated,
    { thread },
    {
      by,
      subjectSeq: thread.rootSeq,
      memberCount: access.channel.member_count,
      mergeKey: `thread ${thread.rootId}`,
    },
  )

/** The message that a reply belongs to, or null for what is no reply. */
export async function rootOf(
  db: Snapshot,
  access: Access,
  { threadRootId, alsoInChannel }: Pick<Input, 'threadRootId' | 'alsoInChannel'>,
): Promise<MessageRow | null> {
  if (threadRootId === undefined) {
    if (!alsoInChannel) return null
    const fields = [{ path: 'alsoInChannel', message: 'is for replies' }]
    throw new ChatError('bad_request', { details: { fields } })
  }
  const root = await messageById(db, access.channel.id, threadRootId)
  if (!root || !sees(access, root))
    throw new ChatError('message.not_found', { details: { field: 'threadRootId' } })
  if (root.kind === 'system') throw new ChatError('message.system')
  if (root.thread_root_seq !== null) throw new ChatError('message.is_reply')
  // Under a tombstone a conversation may go on, but none begins.
  if (root.deleted_at !== null && root.replies === null) throw new ChatError('message.deleted')
  return root
}
