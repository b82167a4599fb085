import type { Engine, Snapshot } from '../store/engine.ts'
import { statement } from '../store/statement.ts'
import type { WriteQueue } from './writeQueue.ts'

/** What an operator chose, by name, as far as it may be written down: of secrets only what tells one from another. */
export type Configuration = Readonly<Record<string, string>>

const NAME = 'configuration'

const read = statement<Record<never, never>>()((db) =>
  db.selectFrom('meta').select('v').where('k', '=', NAME),
)
const save = statement<{ v: string }>()((db, p) =>
  db
    .insertInto('meta')
    .values({ k: NAME, v: p.v })
    .onConflict((conflict) => conflict.column('k').doUpdateSet({ v: p.v })),
)

/** Notes in the audit log how a configuration differs from that of the last start, if it does. */
export async function noteConfiguration(
  engine: Engine,
  queue: WriteQueue,
  now: Configuration,
): Promise<void> {
  if (sameAs(now, await engine.read(lastConfiguration))) return
  await queue.submit({}, async (tx) => {
    const before = await lastConfiguration(tx)
    if (sameAs(now, before)) return
    save.put(tx, { v: JSON.stringify(now) })
    tx.audit({
      actor: 'operator',
      action: 'configuration.changed',
      target: 'server',
      details: differences(before, now),
    })
  })
}

async function lastConfiguration(db: Snapshot): Promise<Configuration> {
  const row = await read.first(db, {})
  return row ? (JSON.parse(row.v) as Configuration) : {}
}

const sameAs = (one: Configuration, other: Configuration): boolean =>
  Object.keys(differences(other, one)).length === 0

/** What has another value now; null for what is not set any more. */
const differences = (before: Configuration, after: Configuration): Record<string, string | null> =>
  Object.fromEntries(
    Object.keys({ ...before, ...after })
      .filter((name) => before[name] !== after[name])
      .map((name) => [name, after[name] ?? null]),
  )
