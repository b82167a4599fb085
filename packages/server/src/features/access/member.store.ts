import type { Me, Member } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import { keepRow, readOnce } from '../../store/lockedRows.ts'
import type { BigId, MembersTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** A membership, present or past, with the app's id of the user. */
export type MemberRow = Readonly<MembersTable> & { readonly userId: string }

const member = statement<{ channelId: BigId; uid: BigId }>()((db, p) =>
  db
    .selectFrom('members')
    .innerJoin('users', 'users.uid', 'members.uid')
    .selectAll('members')
    .select('users.id as userId')
    .where('members.channel_id', '=', p.channelId)
    .where('members.uid', '=', p.uid),
)

/** The membership, whether the user is still in the channel or not. */
export const memberOf = (
  db: Snapshot,
  channelId: BigId,
  uid: BigId,
): Promise<MemberRow | undefined> =>
  readOnce(db, placeOf(channelId, uid), () => member.first(db, { channelId, uid }))

const placeOf = (channelId: BigId, uid: BigId) => ({ stream: channelId, key: `member ${uid}` })

/** A membership is this from now on. */
export const keepMember = (tx: Changes, row: MemberRow): void =>
  keepRow(tx, placeOf(row.channel_id, row.uid), row)

export const publicMember = (row: MemberRow): Member => ({
  userId: row.userId,
  role: row.role,
  state: row.state,
  version: row.version,
  joinedAt: row.joined_at,
})

export const publicMe = (row: MemberRow): Me => ({
  ...publicMember(row),
  visibleFrom: row.visible_from,
})
