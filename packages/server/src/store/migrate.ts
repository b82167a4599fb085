import { createHash } from 'node:crypto'
import type { Dialect } from './engine.ts'

export interface Migration {
  readonly id: number
  readonly name: string
  /** SQL with `{id}`, `{int}`, `{key}` and the like for what the engines spell differently, or for one of them alone. */
  readonly statements: readonly MigrationStatement[]
}

export type MigrationStatement = string | { readonly postgres: string }

export interface AppliedMigration {
  readonly id: number
  readonly name: string
  readonly checksum: string
}

const SPELLINGS: Record<Dialect, Readonly<Record<string, string>>> = {
  sqlite: {
    id: 'BIGINT',
    int: 'INTEGER',
    key: 'TEXT COLLATE BINARY',
    clustered: 'WITHOUT ROWID',
    byChannel: 'WITHOUT ROWID',
  },
  postgres: {
    // A domain, so that a column of ids is known from one of numbers: see columns.postgres.ts.
    id: 'tertulia_id',
    int: 'BIGINT',
    key: 'TEXT COLLATE "C"',
    clustered: '',
    byChannel: 'PARTITION BY HASH (channel_id)',
  },
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
 * What is left to do to bring a store to the newest schema of this program. Refuses a store that a newer program has
 * changed, and one whose history differs from ours.
 */
export function missingMigrations(
  applied: readonly AppliedMigration[],
  migrations: readonly Migration[],
): readonly Migration[] {
  checkHistory(applied, migrations)
  return migrations.slice(applied.length)
}

/** The SQL of a migration for one engine. */
export const statementsOf = ({ statements }: Migration, dialect: Dialect): readonly string[] =>
  statements.flatMap((text) => {
    if (typeof text === 'string') return [spell(text, dialect)]
    return dialect === 'postgres' ? [spell(text.postgres, dialect)] : []
  })

export const recordOf = (migration: Migration): AppliedMigration => ({
  id: migration.id,
  name: migration.name,
  checksum: checksumOf(migration),
})

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
