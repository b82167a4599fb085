import {
  ChatError,
  deactivateUser,
  getUser,
  queryUsers,
  reactivateUser,
  revokeTokens,
  updateUser,
  upsertUsers,
  userUpdated,
} from '@tertulia/protocol'
import { type Actor, byOf, nameOf } from '../../kernel/actor.ts'
import type { AuditAction } from '../../kernel/audit.ts'
import {
  type Handler,
  read,
  type Settings,
  type WriteContext,
  write,
} from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { afterPrefix, folded } from '../../store/folded.ts'
import { changeProfile, createUser, lockUser, required } from './profiles.ts'
import {
  pageOfUsers,
  publicUser,
  saveAccess,
  shareChannel,
  type UserRow,
  userById,
  userByUid,
  userRecord,
} from './users.store.ts'

const upsert = write(upsertUsers, async ({ input, actor, tx, announce }) => {
  const users = []
  for (const { id, ...change } of input.users) {
    const row = await lockUser(tx, await userById(tx, id))
    const saved = row
      ? await changeProfile(tx, row, { change, announce, by: byOf(actor) })
      : await createUser(tx, id, change)
    users.push(userRecord(saved))
  }
  return { users }
})

const update = write(updateUser, async ({ input, actor, tx, announce }) => {
  const row = required(await lockUser(tx, actor))
  return {
    user: publicUser(await changeProfile(tx, row, { change: input, announce, by: actor.id })),
  }
})

const get = read(getUser, async ({ input, actor, db, settings }) => {
  const row = required(await userById(db, input.userId))
  if (!(await maySeeUser(db, actor, row, settings))) throw new ChatError('user.not_found')
  return { user: shown(actor, row) }
})

const query = read(queryUsers, async ({ input, actor, db, settings }) => {
  if (input.ids) return { users: await usersByIds(db, actor, input.ids, settings), next: null }
  const prefix = folded(input.name ?? '')
  const question = { operation: queryUsers.name, actor: nameOf(actor), filter: { prefix } }
  const [name, uid] = input.cursor ? settings.cursors.read(question, input.cursor) : ['', '0']
  const viewer = actor.kind === 'user' && settings.directory === 'shared' ? actor.uid : null
  const rows = await pageOfUsers(db, viewer, {
    from: prefix,
    until: afterPrefix(prefix),
    name: String(name),
    uid: String(uid),
    limit: input.limit + 1,
  })
  const page = rows.slice(0, input.limit)
  const last = rows.length > input.limit ? page.at(-1) : undefined
  return {
    users: page.map((row) => shown(actor, row)),
    next: last ? settings.cursors.write(question, [last.folded_name, last.uid]) : null,
  }
})

async function usersByIds(db: Snapshot, actor: Actor, ids: readonly string[], settings: Settings) {
  const users = []
  for (const id of ids) {
    const row = await userById(db, id)
    if (row && (await maySeeUser(db, actor, row, settings))) users.push(shown(actor, row))
  }
  return users
}

/** Whether somebody sees the profile of a user. */
export const maySeeUser = async (
  db: Snapshot,
  actor: Actor,
  row: Pick<UserRow, 'uid'>,
  { directory }: Settings,
): Promise<boolean> =>
  actor.kind === 'server' || directory === 'all' || shareChannel(db, actor.uid, row.uid)

const shown = (actor: Actor, row: UserRow) =>
  actor.kind === 'server' ? userRecord(row) : publicUser(row)

type AccessChange = Omit<WriteContext<typeof deactivateUser>, 'settings'>

const deactivate = write(deactivateUser, (context) =>
  changeAccess(context, (row, now) => ({
    deactivatedAt: row.deactivated_at ?? now,
    tokensRevokedAt: row.tokens_revoked_at,
    ends: 4403,
    action: 'user.deactivated',
  })),
)

const reactivate = write(reactivateUser, (context) =>
  changeAccess(context, (row) => ({
    deactivatedAt: null,
    tokensRevokedAt: row.tokens_revoked_at,
    ends: null,
    action: 'user.reactivated',
  })),
)

const revoke = write(revokeTokens, (context) =>
  changeAccess(context, (row, now) => ({
    deactivatedAt: row.deactivated_at,
    tokensRevokedAt: now,
    ends: 4401,
    action: 'user.tokensRevoked',
  })),
)

interface Access {
  readonly deactivatedAt: number | null
  readonly tokensRevokedAt: number | null
  /** The close code for the connections that this ends. */
  readonly ends: 4401 | 4403 | null
  readonly action: AuditAction
}

async function changeAccess(
  { input, tx, announce, disconnect, actor }: AccessChange,
  decide: (row: UserRow, now: number) => Access,
) {
  const row = required(await lockUser(tx, await userById(tx, input.userId)))
  const { deactivatedAt, tokensRevokedAt, ends, action } = decide(row, tx.now)
  const visible = deactivatedAt !== row.deactivated_at
  const slot = visible ? (await tx.lock(row.uid)).take() : null
  saveAccess.put(tx, {
    uid: row.uid,
    deactivatedAt,
    tokensRevokedAt,
    version: slot?.seq ?? row.version,
  })
  const changed = required(await userByUid(tx, row.uid))
  if (slot) announce(slot, userUpdated, { user: publicUser(changed) }, { by: byOf(actor) })
  tx.audit({ actor: nameOf(actor), action, target: row.id })
  if (ends) disconnect(row.uid, ends, ends === 4401 ? Math.floor(tx.now / 1000) : null)
  return { user: userRecord(changed) }
}

export const userHandlers: readonly Handler[] = [
  upsert,
  update,
  get,
  query,
  deactivate,
  reactivate,
  revoke,
]
