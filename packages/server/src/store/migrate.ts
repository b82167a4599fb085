import { createHash } from 'node:crypto'
import type { Dialect } from './engine.ts'

export interface Migration {
  readonly id: number
  readonly name: string
  /** SQL with `{id}`, `{int}`, `{key}` and `{clustered}` for what the engines spell differently. */
  readonly statements: readonly string[]
}

export interface AppliedMigration {
  readonly id: number
  readonly name: string
  readonly checksum: string
}

/** What an engine offers to the migrator, inside one transaction that locks out every other migrator. */
export interface MigrationSession {
  applied(): AppliedMigration[]
  execute(sql: string): void
  record(migration: AppliedMigration, at: number): void
}

const SPELLINGS: Record<Dialect, Readonly<Record<string, string>>> = {
  sqlite: { id: 'BIGINT', int: 'INTEGER', key: 'TEXT COLLATE BINARY', clustered: 'WITHOUT ROWID' },
  postgres: { id: 'BIGINT', int: 'BIGINT', key: 'TEXT COLLATE "C"', clustered: '' },
}

export const spell = (sql: string, dialect: Dialect): string =>
  sql.replaceAll(/\{(\w+)\}/g, (_, word: string) => {
    const spelling = SPELLINGS[dialect][word]
    if (spelling === undefined)
      throw new Error(`A migration uses {${word}}, which no engine knows.`)
    return spelling
  })

const checksumOf = (migration: Migration): string =>
  createHash('sha256').update(JSON.stringify(migration.statements)).digest('hex')

/** The store cannot be used by this program; the message tells an operator why and what to do. */
class SchemaError extends Error {
  override readonly name = 'SchemaError'
}

/**
 * Brings a store to the newest schema of this program. Refuses a store that a newer program has changed, and one
 * whose history differs from ours.
 */
export function migrate(
  session: MigrationSession,
  migrations: readonly Migration[],
  at: number,
  dialect: Dialect,
): number {
  const applied = session.applied()
  checkHistory(applied, migrations)
  const missing = migrations.slice(applied.length)
  for (const migration of missing) {
    for (const sql of migration.statements) session.execute(spell(sql, dialect))
    session.record({ id: migration.id, name: migration.name, checksum: checksumOf(migration) }, at)
  }
  return missing.length
}

function checkHistory(
  applied: readonly AppliedMigration[],
  migrations: readonly Migration[],
): void {
  const newest = migrations.at(-1)?.id ?? 0
  for (const [index, old] of applied.entries()) {
    if (old.id > newest)
      throw new SchemaError(
        `The store has schema ${old.id} (${old.name}); this program knows up to ${newest}. ` +
          'An older program could damage newer data. Start the newer version, or restore a backup made before the upgrade.',
      )
    const ours = migrations[index]
    if (ours?.id !== old.id || checksumOf(ours) !== old.checksum)
      throw new SchemaError(
        `The store was migrated by another text of migration ${old.id} (${old.name}). ` +
          'What its tables look like is unknown. Use the program version that made this store, or restore a backup.',
      )
  }
}
