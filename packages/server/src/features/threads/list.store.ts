import { sql } from 'kysely'
import type { Snapshot } from '../../store/engine.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { DISABLED } from '../access/index.ts'

/** Replies that were sent silently are never unread, so the last of all does not say it alone. */
const unread = sql<number>`CASE WHEN threads.last_reply_seq > thread_members.read_seq AND EXISTS (
  SELECT 1 FROM messages WHERE messages.channel_id = threads.channel_id
    AND messages.thread_root_seq = threads.root_seq AND messages.seq > thread_members.read_seq
    AND messages.silent = 0 AND messages.deleted_at IS NULL) THEN 1 ELSE 0 END`
const at = sql<number>`coalesce(threads.last_reply_at, 0)`

const page = statement<{ uid: BigId; unread: number; at: number; rootId: BigId; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('thread_members')
      .innerJoin('threads', (join) =>
        join
          .onRef('threads.channel_id', '=', 'thread_members.channel_id')
          .onRef('threads.root_seq', '=', 'thread_members.root_seq'),
      )
      .innerJoin('memberships', (join) =>
        join
          .onRef('memberships.uid', '=', 'thread_members.uid')
          .onRef('memberships.channel_id', '=', 'thread_members.channel_id'),
      )
      .innerJoin('channels', 'channels.id', 'thread_members.channel_id')
      .select([
        'thread_members.channel_id',
        'thread_members.root_seq',
        'thread_members.following',
        'thread_members.read_seq',
        'threads.root_id',
        unread.as('unread'),
        at.as('at'),
      ])
      .where('thread_members.uid', '=', p.uid)
      .where((eb) => eb('thread_members.following', '=', eb.lit(1)))
      .where('memberships.state', '=', 'joined')
      .where('channels.deleted_at', 'is', null)
      .where('channels.state', '<>', DISABLED)
      .whereRef('thread_members.root_seq', '>', 'memberships.visible_from')
      .whereRef('thread_members.root_seq', '>', 'channels.floor')
      .where((eb) =>
        eb.or([
          eb(unread, '<', p.unread),
          eb.and([
            eb(unread, '=', p.unread),
            eb.or([
              eb(at, '<', p.at),
              eb.and([eb(at, '=', p.at), eb('threads.root_id', '<', p.rootId)]),
            ]),
          ]),
        ]),
      )
      .orderBy(unread, 'desc')
      .orderBy(at, 'desc')
      .orderBy('threads.root_id', 'desc')
      .limit(p.limit),
)

/** Where a page of the own threads goes on. */
export interface ThreadsPage {
  readonly uid: BigId
  /** 1 while it is among those with unread replies. */
  readonly unread: number
  readonly at: number
  readonly rootId: BigId
  readonly limit: number
}

/** The threads that a user follows and may see: the unread ones first, then by the last reply. */
export const followedThreads = (db: Snapshot, wanted: ThreadsPage) => page.all(db, { ...wanted })
