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
}

export interface Reply {
  readonly seq: number
  readonly at: number
  /** Null for the app itself. */
  readonly author: string | null
  readonly followers: Followers
  /** The seq at which the root tells of it. */
  readonly version: number
}

/** The members whom a reply concerns, by their internal ids. */
export interface Followers {
  /** The author of the root, when this is the first reply that they are to hear of. */
  readonly root: string | null
  readonly replying: string | null
  readonly mentioned: readonly string[]
}

/** A reply was stored: the summary of its thread counts it, and whoever it concerns follows the thread. */
export async function noteReply(tx: Changes, root: Root, reply: Reply): Promise<MessageThread> {
  const before = await threadAt(tx, root.channelId, root.seq)
  const faces = before ? facesOf(before) : []
  const row: ThreadRow = {
    channel_id: root.channelId,
    root_seq: root.seq,
    root_id: root.id,
    replies: (before?.replies ?? 0) + 1,
    last_reply_seq: reply.seq,
    last_reply_at: reply.at,
    faces: JSON.stringify(reply.author === null ? faces : withFace(faces, reply.author)),
    version: reply.version,
  }
  saveThread(tx, row)
  follow(tx, root, reply)
  return publicThread(row)
}

const withFace = (faces: readonly string[], author: string): string[] =>
  [author, ...faces.filter((face) => face !== author)].slice(0, LIMITS.threadFaces)

function follow(
  tx: Changes,
  { channelId, seq: rootSeq }: Root,
  { seq, followers: { root, replying, mentioned } }: Reply,
): void {
  const at = { channelId, rootSeq }
  if (root !== null && root !== replying)
    followUnlessKnown(tx, { ...at, uid: root, readSeq: seq - 1 })
  for (const uid of mentioned) if (uid !== replying) drawIn(tx, { ...at, uid, readSeq: seq - 1 })
  // Whoever replies has the thread on the screen.
  if (replying !== null) saveFollower(tx, { ...at, uid: replying, following: true, readSeq: seq })
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
