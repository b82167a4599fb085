import { LIMITS, type ThreadState } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { countReplies, type FollowerRow } from './followers.store.ts'

/** How somebody stands to a thread. Who does not follow it has nothing to read in it. */
export async function threadStateOf(
  db: Snapshot,
  { uid, channelId, rootSeq }: { readonly uid: string; channelId: string; rootSeq: number },
  row: Pick<FollowerRow, 'following' | 'read_seq'> | undefined,
): Promise<ThreadState> {
  const seq = row?.read_seq ?? 0
  if (!row?.following) return { following: false, seq, unread: 0, firstUnread: null }
  const range = { uid, channelId, rootSeq, after: seq, limit: LIMITS.unreadShown }
  const { unread, first } = await countReplies(db, range)
  return { following: true, seq, unread, firstUnread: first }
}
