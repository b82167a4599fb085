import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, MembershipsTable, MembersTable, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { keepMember, type MemberRow } from '../access/index.ts'
import { publicUser, type UserRow } from '../users/index.ts'

type Role = MembersTable['role']

const putMember = statement<{
  channelId: BigId
  uid: BigId
  role: Role
  state: MembersTable['state']
  version: number
  joinedAt: Millis
  joinedSeq: number
  visibleFrom: number
}>()((db, p) =>
  db
    .insertInto('members')
    .values({
      channel_id: p.channelId,
      uid: p.uid,
      role: p.role,
      state: p.state,
      version: p.version,
      joined_at: p.joinedAt,
      joined_seq: p.joinedSeq,
      visible_from: p.visibleFrom,
    })
    .onConflict((conflict) =>
      conflict.columns(['channel_id', 'uid']).doUpdateSet((eb) => ({
        role: eb.ref('excluded.role'),
        state: eb.ref('excluded.state'),
        version: eb.ref('excluded.version'),
        joined_at: eb.ref('excluded.joined_at'),
        joined_seq: eb.ref('excluded.joined_seq'),
        visible_from: eb.ref('excluded.visible_from'),
      })),
    ),
)

/** Writes the channel's side of a membership, whole. */
export function saveMember(tx: Changes, row: MemberRow): void {
  keepMember(tx, row)
  putMember.put(tx, {
    channelId: row.channel_id,
    uid: row.uid,
    role: row.role,
    state: row.state,
    version: row.version,
    joinedAt: row.joined_at,
    joinedSeq: row.joined_seq,
    visibleFrom: row.visible_from,
  })
}

const putMembership = statement<{
  uid: BigId
  channelId: BigId
  state: MembershipsTable['state']
  version: number
  visibleFrom: number
  readSeq: number
}>()((db, p) =>
  db
    .insertInto('memberships')
    .values({
      uid: p.uid,
      channel_id: p.channelId,
      state: p.state,
      version: p.version,
      visible_from: p.visibleFrom,
      read_seq: p.readSeq,
      unread_from: null,
      muted_until: null,
      pinned_at: null,
      hidden_up_to: null,
      archived_at: null,
    })
    .onConflict((conflict) =>
      conflict.columns(['uid', 'channel_id']).doUpdateSet((eb) => ({
        state: eb.ref('excluded.state'),
        version: eb.ref('excluded.version'),
        visible_from: eb.ref('excluded.visible_from'),
        read_seq: eb.ref('excluded.read_seq'),
        unread_from: eb.ref('excluded.unread_from'),
        muted_until: eb.ref('excluded.muted_until'),
        pinned_at: eb.ref('excluded.pinned_at'),
        hidden_up_to: eb.ref('excluded.hidden_up_to'),
        archived_at: eb.ref('excluded.archived_at'),
      })),
    ),
)

type Written = 'uid' | 'channel_id' | 'state' | 'version' | 'visible_from'

/** What somebody read and chose does not outlast the membership. */
export interface Membership extends Pick<Readonly<MembershipsTable>, Written> {
  /** Who joins has read everything up to there. */
  readonly read_seq?: number
}

/** Writes the user's side of a membership: `version` counts in the user's own stream. */
export const saveMembership = (tx: Changes, row: Membership): void =>
  putMembership.put(tx, {
    uid: row.uid,
    channelId: row.channel_id,
    state: row.state,
    version: row.version,
    visibleFrom: row.visible_from,
    readSeq: row.read_seq ?? 0,
  })

const countJoined = statement<{ uid: BigId }>()((db, p) =>
  db
    .selectFrom('memberships')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uid', '=', p.uid)
    .where('state', '=', 'joined'),
)

export const channelCount = async (db: Snapshot, uid: BigId): Promise<number> =>
  (await countJoined.first(db, { uid }))?.count ?? 0

const page = statement<{ channelId: BigId; after: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.uid', 'members.uid')
    .selectAll('members')
    .select([
      'users.id as userId',
      'users.id',
      'users.name',
      'users.folded_name',
      'users.avatar',
      'users.custom',
      'users.private_custom',
      'users.created_at',
      'users.updated_at',
      'users.deactivated_at',
      'users.tokens_revoked_at',
    ])
    .where('members.channel_id', '=', p.channelId)
    .where('members.uid', '>', p.after)
    .where('members.state', '=', 'joined')
    .orderBy('members.uid')
    .limit(p.limit),
)
const pageOfRole = statement<{ channelId: BigId; after: BigId; role: Role; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('members')
      .innerJoin('users', 'users.uid', 'members.uid')
      .selectAll('members')
      .select([
        'users.id as userId',
        'users.id',
        'users.name',
        'users.folded_name',
        'users.avatar',
        'users.custom',
        'users.private_custom',
        'users.created_at',
        'users.updated_at',
        'users.deactivated_at',
        'users.tokens_revoked_at',
      ])
      .where('members.channel_id', '=', p.channelId)
      .where('members.uid', '>', p.after)
      .where('members.state', '=', 'joined')
      .where('members.role', '=', p.role)
      .orderBy('members.uid')
      .limit(p.limit),
)

export interface MemberPage {
  readonly channelId: BigId
  readonly after: BigId
  readonly role: Role | undefined
  readonly limit: number
}

export async function pageOfMembers(db: Snapshot, { channelId, after, role, limit }: MemberPage) {
  const rows = role
    ? await pageOfRole.all(db, { channelId, after, role, limit })
    : await page.all(db, { channelId, after, limit })
  return rows.map((row) => ({ row: row as MemberRow, user: publicUser(row as unknown as UserRow) }))
}
