import type { Changes, Snapshot } from './engine.ts'
import { dialectOf, statement } from './statement.ts'

const find = statement<{ k: string }>()((db, p) =>
  db.selectFrom('meta').select('v').where('k', '=', p.k),
)
const hold = statement<{ k: string }>()((db, p, dialect) => {
  const query = db.selectFrom('meta').select('v').where('k', '=', p.k)
  return dialect === 'postgres' ? query.forShare() : query
})
const put = statement<{ k: string; v: string }>()((db, p) =>
  db
    .insertInto('meta')
    .values({ k: p.k, v: p.v })
    .onConflict((conflict) => conflict.column('k').doUpdateSet({ v: p.v })),
)
const drop = statement<{ k: string }>()((db, p) => db.deleteFrom('meta').where('k', '=', p.k))

/** What a store says of itself under a name, or null. */
export const readMeta = async (db: Snapshot, k: string): Promise<string | null> =>
  (await find.first(db, { k }))?.v ?? null

/** The same, and nobody changes it before this transaction has ended. */
export const holdMeta = async (changes: Changes, k: string): Promise<string | null> =>
  (await hold.first(changes, { k }))?.v ?? null

export const putMeta = (changes: Changes, k: string, v: string): void => put.put(changes, { k, v })

export const dropMeta = (changes: Changes, k: string): void => drop.put(changes, { k })

const LOCK = { sql: 'LOCK TABLE meta IN SHARE ROW EXCLUSIVE MODE', slots: [] }

/** Whoever decides whose a store is does so alone: what it finds in `meta` stays so until it has committed. */
export async function lockMeta(changes: Changes): Promise<void> {
  if (dialectOf(changes) === 'postgres') await changes.run(LOCK, [])
}
