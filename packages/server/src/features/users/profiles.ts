import { ChatError, type InputOf, type upsertUsers, userUpdated } from '@tertulia/protocol'
import type { Announce, Tx } from '../../kernel/transaction.ts'
import { folded } from '../../store/folded.ts'
import { insertUser, publicUser, saveProfile, type UserRow, userByUid } from './users.store.ts'

/** An absent field stays, `null` clears. */
export type ProfileChange = Omit<InputOf<typeof upsertUsers>['users'][number], 'id'>

const textOf = (value: object | null | undefined, stored: string): string =>
  value === undefined ? stored : JSON.stringify(value ?? {})

/** Creates a user with their own stream. The name is the id until somebody says otherwise. */
export async function createUser(tx: Tx, id: string, change: ProfileChange): Promise<UserRow> {
  const uid = tx.newId()
  const name = change.name ?? id
  tx.startStream(uid, 'user')
  insertUser.put(tx, {
    uid,
    id,
    name,
    folded: folded(name),
    avatar: change.avatar ?? null,
    custom: JSON.stringify(change.custom ?? {}),
    privateCustom: JSON.stringify(change.privateCustom ?? {}),
    version: 0,
    at: tx.now,
  })
  return required(await userByUid(tx, uid))
}

/** The user as they stand under the lock of their stream: nobody changes them until the commit. */
export async function lockUser(
  tx: Tx,
  user: Pick<UserRow, 'uid'> | undefined,
): Promise<UserRow | undefined> {
  if (!user || !(await tx.tryLock(user.uid))) return undefined
  return userByUid(tx, user.uid)
}

/** Changes a profile, under its lock. Saying what stands already is no change and no event. */
export async function changeProfile(
  tx: Tx,
  row: UserRow,
  { change, announce, by }: { change: ProfileChange; announce: Announce; by: string | null },
): Promise<UserRow> {
  const next = {
    name: change.name ?? row.name,
    avatar: change.avatar === undefined ? row.avatar : change.avatar,
    custom: textOf(change.custom, row.custom),
    privateCustom: textOf(change.privateCustom, row.private_custom),
  }
  const visible = next.name !== row.name || next.avatar !== row.avatar || next.custom !== row.custom
  if (!visible && next.privateCustom === row.private_custom) return row

  const slot = visible ? (await tx.lock(row.uid)).take() : null
  saveProfile.put(tx, {
    ...next,
    uid: row.uid,
    folded: folded(next.name),
    version: slot?.seq ?? row.version,
    // Everybody sees this time: it must not tell of a change in the private half.
    at: slot ? tx.now : row.updated_at,
  })
  const changed = required(await userByUid(tx, row.uid))
  if (slot) announce(slot, userUpdated, { user: publicUser(changed) }, { by })
  return changed
}

export function required(row: UserRow | undefined): UserRow {
  if (!row) throw new ChatError('user.not_found')
  return row
}
