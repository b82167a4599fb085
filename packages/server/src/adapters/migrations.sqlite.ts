import type { DatabaseSync } from 'node:sqlite'
import {
  type AppliedMigration,
  type Migration,
  missingMigrations,
  recordOf,
  statementsOf,
} from '../store/migrate.ts'
import { operatorsError } from './errors.sqlite.ts'
import { openForWriting } from './open.sqlite.ts'

/** Another process may be making the store. */
const BUSY_MS = 30_000

/** Migrates a SQLite file. Two processes at once: one works, the other waits for the lock and finds nothing to do. */
export function migrateSqlite(file: string, migrations: readonly Migration[], at: number): number {
  try {
    return migrate(file, migrations, at)
  } catch (error) {
    throw operatorsError(error, file)
  }
}

function migrate(file: string, migrations: readonly Migration[], at: number): number {
  const db = openForWriting(file, BUSY_MS)
  try {
    db.exec('BEGIN EXCLUSIVE')
    try {
      const missing = missingMigrations(appliedIn(db), migrations)
      for (const migration of missing) apply(db, migration, at)
      db.exec('COMMIT')
      return missing.length
    } catch (error) {
      if (db.isTransaction) db.exec('ROLLBACK')
      throw error
    }
  } finally {
    db.close()
  }
}

function appliedIn(db: DatabaseSync): AppliedMigration[] {
  db.exec(
    'CREATE TABLE IF NOT EXISTS migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)',
  )
  return db
    .prepare('SELECT id, name, checksum FROM migrations ORDER BY id')
    .all() as unknown as AppliedMigration[]
}

function apply(db: DatabaseSync, migration: Migration, at: number): void {
  for (const sql of statementsOf(migration, 'sqlite')) db.exec(sql)
  const { id, name, checksum } = recordOf(migration)
  db.prepare('INSERT INTO migrations (id, name, checksum, applied_at) VALUES (?, ?, ?, ?)').run(
    id,
    name,
    checksum,
    at,
  )
}
