import type { ApiKeyRecord, ApiKeys, KeyAccess } from '../../identity/keyring.ts'
import type { WriteQueue } from '../../kernel/writeQueue.ts'
import type { Engine } from '../../store/engine.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const insert = statement<{
  id: BigId
  name: string
  hash: string
  scopes: string
  at: Millis
  expiresAt: Millis | null
}>()((db, p) =>
  db.insertInto('api_keys').values({
    id: p.id,
    name: p.name,
    hash: p.hash,
    scopes: p.scopes,
    created_at: p.at,
    expires_at: p.expiresAt,
    last_used_at: null,
    revoked_at: null,
  }),
)
const all = statement<Record<never, never>>()((db) =>
  db.selectFrom('api_keys').selectAll().orderBy('id'),
)
const byHash = statement<{ hash: string }>()((db, p) =>
  db.selectFrom('api_keys').selectAll().where('hash', '=', p.hash),
)
const byId = statement<{ id: BigId }>()((db, p) =>
  db.selectFrom('api_keys').selectAll().where('id', '=', p.id),
)
const noteUse = statement<{ id: BigId; at: Millis }>()((db, p) =>
  db.updateTable('api_keys').set({ last_used_at: p.at }).where('id', '=', p.id),
)
const noteRevoked = statement<{ id: BigId; at: Millis }>()((db, p) =>
  db
    .updateTable('api_keys')
    .set({ revoked_at: p.at })
    .where('id', '=', p.id)
    .where('revoked_at', 'is', null),
)

type Row = NonNullable<Awaited<ReturnType<typeof byId.first>>>

const accessOf = (scopes: string): KeyAccess =>
  fromJson<string[]>(scopes, []).includes('write') ? 'full' : 'read'

const recordOf = (row: Row): ApiKeyRecord => ({
  id: row.id,
  name: row.name,
  hash: row.hash,
  access: accessOf(row.scopes),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  lastUsedAt: row.last_used_at,
  revokedAt: row.revoked_at,
})

/** Keys are made and revoked by whoever has the machine. */
const OPERATOR = 'operator'

/** API keys in the store: only their hashes. */
export const createApiKeys = (engine: Engine, queue: WriteQueue): ApiKeys => ({
  async find(hash) {
    const row = await engine.read((db) => byHash.first(db, { hash }))
    return row ? recordOf(row) : null
  },
  touch: (id, at) => queue.submit({}, async (tx) => noteUse.put(tx, { id, at })),
  insert: ({ name, hash, access, createdAt, expiresAt }) =>
    queue.submit({}, async (tx) => {
      const id = tx.newId()
      const scopes = JSON.stringify(access === 'full' ? ['read', 'write'] : ['read'])
      insert.put(tx, { id, name, hash, scopes, at: createdAt, expiresAt })
      tx.audit({
        actor: OPERATOR,
        action: 'key.created',
        target: id,
        details: { name, access, expiresAt },
      })
      return { id, name, hash, access, createdAt, expiresAt, lastUsedAt: null, revokedAt: null }
    }),
  list: async () => (await engine.read((db) => all.all(db, {}))).map(recordOf),
  revoke: (id, at) =>
    queue.submit({}, async (tx) => {
      const known = await byId.first(tx, { id })
      if (known?.revoked_at === null) {
        noteRevoked.put(tx, { id, at })
        tx.audit({ actor: OPERATOR, action: 'key.revoked', target: id })
      }
      const row = await byId.first(tx, { id })
      return row ? recordOf(row) : null
    }),
})
