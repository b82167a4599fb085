import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Changes, Snapshot } from '../store/engine.ts'
import { keepRow, readOnce } from '../store/lockedRows.ts'
import { statement } from '../store/statement.ts'

/** Under what a keyed write is remembered. `scope` is a channel id, or 0 for the whole installation. */
export interface Key {
  readonly scope: string
  readonly actor: string
  readonly clientId: string
}

export interface Remembered {
  readonly bodyHash: string
  /** What the first write made: a seq or an id. */
  readonly target: string
}

const find = statement<{ scope: string; actor: string; clientId: string }>()((db, p) =>
  db
    .selectFrom('idempotency')
    .select(['body_hash as bodyHash', 'target'])
    .where('scope', '=', p.scope)
    .where('actor', '=', p.actor)
    .where('client_id', '=', p.clientId),
)
const insert = statement<{
  scope: string
  actor: string
  clientId: string
  bodyHash: string
  target: string
  at: number
}>()((db, p) =>
  db.insertInto('idempotency').values({
    scope: p.scope,
    actor: p.actor,
    client_id: p.clientId,
    body_hash: p.bodyHash,
    target: p.target,
    at: p.at,
  }),
)

const placeOf = ({ scope, actor, clientId }: Key) => ({
  stream: scope,
  key: `idempotency ${actor} ${clientId}`,
})

export const recall = (db: Snapshot, key: Key): Promise<Remembered | undefined> =>
  readOnce(db, placeOf(key), () => find.first(db, { ...key }))

export function remember(tx: Changes & { now: number }, key: Key, made: Remembered): void {
  insert.put(tx, { ...key, ...made, at: tx.now })
  keepRow(tx, placeOf(key), made)
}

/**
 * Each key by itself, in one statement for PostgreSQL: a join or an `in` would leave the way to the planner, which reads
 * a whole channel where its statistics are old.
 */
const findEach = statement<{ scope: string; keys: string }>()((db, p) => ({
  compile: () =>
    sql<Remembered & { readonly actor: string; readonly clientId: string }>`
      select k.value->>0 as actor, k.value->>1 as "clientId", f.body_hash as "bodyHash", f.target
      from jsonb_array_elements(${p.keys}::jsonb) as k(value) cross join lateral (
        select body_hash, target from idempotency
        where scope = ${p.scope} and actor = k.value->>0 and client_id = k.value->>1 limit 1) as f`.compile(
      db,
    ),
}))

/** Reads ahead what `recall` will be asked for, of one scope whose stream is locked. Only on PostgreSQL. */
export async function recallAhead(
  tx: Changes,
  scope: string,
  wanted: readonly Omit<Key, 'scope'>[],
): Promise<void> {
  const keys = JSON.stringify(wanted.map(({ actor, clientId }) => [actor, clientId]))
  const found = await findEach.all(tx, { scope, keys })
  for (const key of wanted) keepRow(tx, placeOf({ scope, ...key }), undefined)
  for (const { actor, clientId, ...made } of found)
    keepRow(tx, placeOf({ scope, actor, clientId }), made)
}

/** The same for equal bodies whatever the order of their fields. */
export const bodyHash = (body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(sorted(body)))
    .digest('base64url')

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  )
}

const expired = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom('idempotency')
    .select(['scope', 'actor', 'client_id as clientId'])
    .where('at', '<', p.before)
    .orderBy('at')
    .orderBy('scope')
    .orderBy('actor')
    .orderBy('client_id')
    .limit(p.limit),
)
const drop = statement<{ scope: string; actor: string; clientId: string }>()((db, p) =>
  db
    .deleteFrom('idempotency')
    .where('scope', '=', p.scope)
    .where('actor', '=', p.actor)
    .where('client_id', '=', p.clientId),
)

/** Forgets one slice of keys older than a moment. */
export async function forgetBefore(tx: Changes, before: number, limit: number): Promise<number> {
  const rows = await expired.all(tx, { before, limit })
  for (const row of rows) drop.put(tx, { ...row })
  return rows.length
}

export const hasForgettable = async (db: Snapshot, before: number): Promise<boolean> =>
  (await expired.all(db, { before, limit: 1 })).length > 0
