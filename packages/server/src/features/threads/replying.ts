import { LIMITS, type MessageThread } from '@tertulia/protocol'
import type { Changes } from '../../store/engine.ts'
import { drawIn, followUnlessKnown, saveFollower } from './followers.store.ts'
import {
  facesOf,
  newestReplies,
  publicThread,
  saveThread,
  type ThreadRow,
  threadAt,
} from './threads.store.ts'

/** The message that began a thread. */
export interface Root {
  readonly channelId: string
  readonly id: string
  readonly seq: number
  readonly authorUid: string | null
}

export interface Reply {
  readonly seq: number
  readonly at: number
  readonly author: { readonly uid: string; readonly id: string } | null
  /** Internal ids. */
  readonly mentioned: readonly string[]
  /** The seq at which the root tells of it. */
  readonly version: number
}

/** A reply was stored: the summary of its thread counts it, and whoever it concerns follows the thread. */
export async function noteReply(tx: Changes, root: Root, reply: Reply): Promise<MessageThread> {
  const before = await threadAt(tx, root.channelId, root.seq)
  const faces = before ? facesOf(before) : []
  const author = reply.author?.id
  const row: ThreadRow = {
    channel_id: root.channelId,
    root_seq: root.seq,
    root_id: root.id,
    replies: (before?.replies ?? 0) + 1,
    last_reply_seq: reply.seq,
    last_reply_at: reply.at,
    faces: JSON.stringify(author === undefined ? faces : withFace(faces, author)),
    version: reply.version,
  }
  saveThread(tx, row)
  follow(tx, root, reply, { isFirst: before === undefined })
  return publicThread(row)
}

const withFace = (faces: readonly string[], author: string): string[] =>
  [author, ...faces.filter((face) => face !== author)].slice(0, LIMITS.threadFaces)

function follow(
  tx: Changes,
  { channelId, seq: rootSeq, authorUid }: Root,
  { seq, author, mentioned }: Reply,
  { isFirst }: { readonly isFirst: boolean },
): void {
  const at = { channelId, rootSeq }
  if (isFirst && authorUid !== null && authorUid !== author?.uid)
    followUnlessKnown(tx, { ...at, uid: authorUid, readSeq: rootSeq })
  for (const uid of mentioned) if (uid !== author?.uid) drawIn(tx, { ...at, uid, readSeq: seq - 1 })
  // Whoever replies has the thread on the screen.
  if (author) saveFollower(tx, { ...at, uid: author.uid, following: true, readSeq: seq })
}

/** Enough of the newest replies to find the last faces among them, without reading a long thread. */
const LOOKED_AT = 50

/** A reply was deleted: the summary is made anew from those that are left. */
export async function noteReplyGone(
  tx: Changes,
  at: { readonly channelId: string; readonly rootSeq: number },
  version: number,
): Promise<MessageThread> {
  const before = await threadAt(tx, at.channelId, at.rootSeq)
  if (!before) throw new Error(`There is no thread at ${at.rootSeq}.`)
  const newest = await newestReplies(tx, { ...at, limit: LOOKED_AT })
  const authors = new Set(newest.flatMap(({ author }) => author ?? []))
  const row: ThreadRow = {
    ...before,
    replies: Math.max(0, before.replies - 1),
    last_reply_seq: newest[0]?.seq ?? 0,
    last_reply_at: newest[0]?.created_at ?? null,
    faces: JSON.stringify([...authors].slice(0, LIMITS.threadFaces)),
    version,
  }
  saveThread(tx, row)
  return publicThread(row)
}
