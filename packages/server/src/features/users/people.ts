import type { People, Person } from '../../identity/people.ts'
import type { WriteQueue } from '../../kernel/writeQueue.ts'
import type { Engine } from '../../store/engine.ts'
import { createUser } from './profiles.ts'
import { type UserRow, userById } from './users.store.ts'

const personOf = (row: UserRow): Person => ({
  uid: row.uid,
  deactivated: row.deactivated_at !== null,
  tokensRevokedAt: row.tokens_revoked_at,
})

/** The users as the door asks for them. */
export const createPeople = (engine: Engine, queue: WriteQueue): People => ({
  async session(id) {
    const row = await engine.read((db) => userById(db, id))
    return row ? personOf(row) : null
  },
  create: (id) =>
    queue.submit({ lane: id }, async (tx) =>
      personOf((await userById(tx, id)) ?? (await createUser(tx, id, {}))),
    ),
})
