import {
  ChatError,
  followThread,
  getThread,
  readThread,
  type ThreadState,
  threadChanged,
  unfollowThread,
} from '@tertulia/protocol'
import { read, type WriteContext, write } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type Access, openChannel } from '../access/index.ts'
import { type MessageRow, messageById, publicMessage, sees } from '../messages/index.ts'
import { type FollowerRow, followerAt, saveFollower } from './followers.store.ts'
import { threadStateOf } from './state.ts'
import { type ThreadRow, threadAt } from './threads.store.ts'

type Context =
  | WriteContext<typeof followThread>
  | WriteContext<typeof unfollowThread>
  | WriteContext<typeof readThread>

type Choice = Pick<FollowerRow, 'following' | 'read_seq'>

const NOTHING: Choice = { following: 0, read_seq: 0 }

export const follow = write(
  followThread,
  (context) =>
    choose(context, (before, thread) => ({
      following: 1,
      // Whoever follows from now on has read what was there.
      read_seq: before.following ? before.read_seq : (thread?.last_reply_seq ?? 0),
    })),
  { lane: 'actor' },
)

export const unfollow = write(
  unfollowThread,
  (context) => choose(context, (before) => ({ ...before, following: 0 })),
  { lane: 'actor' },
)

export const readUpTo = write(
  readThread,
  (context) =>
    choose(context, (before, thread) => {
      const end = thread?.last_reply_seq ?? 0
      const seq = Math.min(context.input.seq ?? end, end)
      return { ...before, read_seq: Math.max(before.read_seq, seq) }
    }),
  { lane: 'actor' },
)

/** Under the lock of the own stream, so that two devices cannot undo each other. */
async function choose(
  { input, actor, tx, announce, settings }: Context,
  next: (before: Choice, thread: ThreadRow | undefined) => Choice,
): Promise<{ state: ThreadState }> {
  const { channelId, messageId: rootId } = input
  const own = await tx.lock(actor.uid)
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const access = await openChannel(tx, wish)
  if (!access.member) throw new ChatError('forbidden')
  const root = await rootOf(tx, access, rootId)
  const place = { uid: actor.uid, channelId, rootSeq: root.seq }
  const before: Choice = (await followerAt(tx, place)) ?? NOTHING
  const after = next(before, await threadAt(tx, channelId, root.seq))
  const state = await threadStateOf(tx, place, after)
  if (after.following === before.following && after.read_seq === before.read_seq) return { state }
  saveFollower(tx, { ...place, following: after.following === 1, readSeq: after.read_seq })
  announce(own.take(), threadChanged, { channelId, rootId, state }, { by: actor.id })
  return { state }
}

async function rootOf(db: Snapshot, access: Access, id: string): Promise<MessageRow> {
  const row = await messageById(db, access.channel.id, id)
  if (!row || !sees(access, row) || row.thread_root_seq !== null || row.kind === 'system')
    throw new ChatError('message.not_found')
  return row
}

export const get = read(getThread, async ({ input, actor, db, settings }) => {
  const { channelId, messageId } = input
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const root = await rootOf(db, await openChannel(db, wish), messageId)
  const place = { uid: actor.uid, channelId, rootSeq: root.seq }
  const state = await threadStateOf(db, place, await followerAt(db, place))
  return { root: publicMessage(root), state }
})
