import type { User, UserRecord } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId, Millis, UsersTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** A user as stored: nullable columns as they are. */
export type UserRow = Omit<UsersTable, never>

const byUid = statement<{ uid: BigId }>()((db, p) =>
  db.selectFrom('users').selectAll().where('uid', '=', p.uid),
)
const byId = statement<{ id: string }>()((db, p) =>
  db.selectFrom('users').selectAll().where('id', '=', p.id),
)

export const userByUid = (db: Snapshot, uid: BigId): Promise<UserRow | undefined> =>
  byUid.first(db, { uid })
export const userById = (db: Snapshot, id: string): Promise<UserRow | undefined> =>
  byId.first(db, { id })

export const insertUser = statement<{
  uid: BigId
  id: string
  name: string
  folded: string
  avatar: string | null
  custom: string
  privateCustom: string
  version: number
  at: Millis
}>()((db, p) =>
  db.insertInto('users').values({
    uid: p.uid,
    id: p.id,
    name: p.name,
    folded_name: p.folded,
    avatar: p.avatar,
    custom: p.custom,
    private_custom: p.privateCustom,
    version: p.version,
    created_at: p.at,
    updated_at: p.at,
    deactivated_at: null,
    tokens_revoked_at: null,
  }),
)

export const saveProfile = statement<{
  uid: BigId
  name: string
  folded: string
  avatar: string | null
  custom: string
  privateCustom: string
  version: number
  at: Millis
}>()((db, p) =>
  db
    .updateTable('users')
    .set({
      name: p.name,
      folded_name: p.folded,
      avatar: p.avatar,
      custom: p.custom,
      private_custom: p.privateCustom,
      version: p.version,
      updated_at: p.at,
    })
    .where('uid', '=', p.uid),
)

export const saveAccess = statement<{
  uid: BigId
  deactivatedAt: Millis | null
  tokensRevokedAt: Millis | null
  version: number
}>()((db, p) =>
  db
    .updateTable('users')
    .set({
      deactivated_at: p.deactivatedAt,
      tokens_revoked_at: p.tokensRevokedAt,
      version: p.version,
    })
    .where('uid', '=', p.uid),
)

/** Everybody, by folded name from a position on. */
const allByName = statement<{
  from: string
  until: string
  name: string
  uid: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom('users')
    .selectAll()
    .where('folded_name', '>=', p.from)
    .where('folded_name', '<', p.until)
    .where((eb) =>
      eb.or([
        eb('folded_name', '>', p.name),
        eb.and([eb('folded_name', '=', p.name), eb('uid', '>', p.uid)]),
      ]),
    )
    .orderBy('folded_name')
    .orderBy('uid')
    .limit(p.limit),
)

/** The people with a channel in common with `viewer`, and the viewer. */
const sharedByName = statement<{
  viewer: BigId
  from: string
  until: string
  name: string
  uid: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom('users')
    .selectAll()
    .where('folded_name', '>=', p.from)
    .where('folded_name', '<', p.until)
    .where((eb) =>
      eb.or([
        eb('folded_name', '>', p.name),
        eb.and([eb('folded_name', '=', p.name), eb('users.uid', '>', p.uid)]),
      ]),
    )
    .where((eb) =>
      eb.or([
        eb('users.uid', '=', p.viewer),
        eb.exists(
          eb
            .selectFrom('memberships as mine')
            .innerJoin('members as theirs', 'theirs.channel_id', 'mine.channel_id')
            .select('mine.channel_id')
            .where('mine.uid', '=', p.viewer)
            .where('mine.state', '=', 'joined')
            .where('theirs.state', '=', 'joined')
            .whereRef('theirs.uid', '=', 'users.uid'),
        ),
      ]),
    )
    .orderBy('folded_name')
    .orderBy('users.uid')
    .limit(p.limit),
)

const shared = statement<{ viewer: BigId; other: BigId }>()((db, p) =>
  db
    .selectFrom('memberships as mine')
    .innerJoin('members as theirs', 'theirs.channel_id', 'mine.channel_id')
    .select('mine.channel_id')
    .where('mine.uid', '=', p.viewer)
    .where('mine.state', '=', 'joined')
    .where('theirs.uid', '=', p.other)
    .where('theirs.state', '=', 'joined')
    .limit(1),
)

export const shareChannel = async (db: Snapshot, viewer: BigId, other: BigId): Promise<boolean> =>
  viewer === other || (await shared.first(db, { viewer, other })) !== undefined

export interface NamePage {
  readonly from: string
  readonly until: string
  /** The last row of the page before. */
  readonly name: string
  readonly uid: BigId
  readonly limit: number
}

export const pageOfUsers = (
  db: Snapshot,
  viewer: BigId | null,
  page: NamePage,
): Promise<UserRow[]> =>
  viewer === null ? allByName.all(db, { ...page }) : sharedByName.all(db, { ...page, viewer })

/** What everybody may see: the only way from a row to the wire. */
export const publicUser = (row: UserRow): User => ({
  id: row.id,
  name: row.name,
  avatar: row.avatar,
  custom: fromJson(row.custom, {}),
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  deactivatedAt: row.deactivated_at,
})

/** What servers may see. */
export const userRecord = (row: UserRow): UserRecord => ({
  ...publicUser(row),
  privateCustom: fromJson(row.private_custom, {}),
  tokensRevokedAt: row.tokens_revoked_at,
})
