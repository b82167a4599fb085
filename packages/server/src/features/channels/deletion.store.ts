import { type RawBuilder, sql } from 'kysely'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** Deleted channels that still hold something, the oldest first. */
export const unpurged = statement<{ limit: number }>()((db, p) =>
  db
    .selectFrom('channels')
    .select('id')
    .where('deleted_at', 'is not', null)
    .where('purged_at', 'is', null)
    .orderBy('deleted_at')
    .orderBy('id')
    .limit(p.limit),
)

export const presentMembers = statement<{ channelId: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('memberships')
    .select('uid')
    .where('channel_id', '=', p.channelId)
    .where('state', '=', 'joined')
    .orderBy('uid')
    .limit(p.limit),
)

export const someMessages = statement<{ channelId: BigId; upTo: number; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('messages')
      .select(['seq', 'to_read'])
      .where('channel_id', '=', p.channelId)
      .where('seq', '<=', p.upTo)
      .orderBy('seq')
      .limit(p.limit),
)

export const dropMessages = statement<{ channelId: BigId; upTo: number }>()((db, p) =>
  db.deleteFrom('messages').where('channel_id', '=', p.channelId).where('seq', '<=', p.upTo),
)

const EMPTY: RawBuilder<string> = sql.lit('{}')

/** Empties what is left of the channel: its id, its type and its times stay, so that clients hear `deleted`. */
export const purge = statement<{ channelId: BigId; at: Millis }>()((db, p) =>
  db
    .updateTable('channels')
    .set({ name: null, folded_name: null, custom: EMPTY, people: sql.lit('[]'), purged_at: p.at })
    .where('id', '=', p.channelId),
)
export const dropMembers = statement<{ channelId: BigId }>()((db, p) =>
  db.deleteFrom('members').where('channel_id', '=', p.channelId),
)
/** The rows stay for their day, so that the check of the outbox does not take them for lost. */
export const emptyFrames = statement<{ channelId: BigId }>()((db, p) =>
  db
    .updateTable('outbox')
    .set({ frame: sql.lit(''), meta: EMPTY })
    .where('stream_id', '=', p.channelId)
    .where('published_at', 'is not', null),
)
