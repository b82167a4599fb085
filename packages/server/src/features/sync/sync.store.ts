import type { Snapshot } from '../../store/engine.ts'
import type { BigId, MembershipsTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { DISABLED, type MemberRow } from '../access/index.ts'

const members = statement<{ channelId: BigId; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.uid', 'members.uid')
    .selectAll('members')
    .select('users.id as userId')
    .where('members.channel_id', '=', p.channelId)
    .where('members.version', '>', p.after)
    .orderBy('members.version')
    .limit(p.limit),
)

/** Memberships of a channel that changed above a seq. */
export const membersChanged = (
  db: Snapshot,
  range: { channelId: BigId; after: number; limit: number },
): Promise<MemberRow[]> => members.all(db, range)

const memberships = statement<{ uid: BigId; after: number; limit: number }>()((db, p) =>
  db
    .selectFrom('memberships')
    .selectAll()
    .where('uid', '=', p.uid)
    .where('version', '>', p.after)
    .orderBy('version')
    .limit(p.limit),
)

/** Memberships of a user that changed above a seq of their own stream. */
export const membershipsChanged = (
  db: Snapshot,
  range: { uid: BigId; after: number; limit: number },
): Promise<Readonly<MembershipsTable>[]> => memberships.all(db, range)

const membership = statement<{ uid: BigId; channelId: BigId }>()((db, p) =>
  db
    .selectFrom('memberships')
    .selectAll()
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId),
)

export const membershipOf = (
  db: Snapshot,
  uid: BigId,
  channelId: BigId,
): Promise<Readonly<MembershipsTable> | undefined> => membership.first(db, { uid, channelId })

const recent = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('memberships')
    .innerJoin('channels', 'channels.id', 'memberships.channel_id')
    .select(['memberships.channel_id as channelId', 'memberships.visible_from as visibleFrom'])
    .select('channels.member_count as memberCount')
    .where('memberships.uid', '=', p.uid)
    .where('memberships.state', '=', 'joined')
    .where('channels.deleted_at', 'is', null)
    .where('channels.state', '<>', DISABLED)
    .orderBy((eb) => eb.fn.coalesce('channels.last_message_at', 'channels.created_at'), 'desc')
    .limit(p.limit),
)

/** The own channels of latest activity, as far as a connection watches them. */
export const recentChannels = (db: Snapshot, uid: BigId, limit: number) =>
  recent.all(db, { uid, limit })
