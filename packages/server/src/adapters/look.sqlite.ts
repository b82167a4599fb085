import { DatabaseSync } from 'node:sqlite'
import { HISTORY_COLUMNS, type StoreLook } from '../store/look.ts'
import type { AppliedMigration } from '../store/migrate.ts'
import { DatabaseError } from './databaseError.ts'
import { operatorsError } from './errors.sqlite.ts'

/** Another process may be making the store. */
const BUSY_MS = 30_000

/** Looks into a file and changes nothing. Refuses one that another program has made. */
export function lookAtFile(file: string): StoreLook {
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(file, { readOnly: true, timeout: BUSY_MS })
    return lookThrough(db, file)
  } catch (error) {
    throw operatorsError(error, file)
  } finally {
    db?.close()
  }
}

function lookThrough(db: DatabaseSync, file: string): StoreLook {
  const tables = namesFrom(db, `SELECT name FROM sqlite_schema WHERE type = 'table'`)
  if (tables.length === 0) return { applied: [], meta: new Map() }
  const history = namesFrom(db, `SELECT name FROM pragma_table_info('migrations')`)
  if (!tables.includes('meta') || !HISTORY_COLUMNS.every((column) => history.includes(column)))
    throw foreignFile(file)
  const applied = db.prepare('SELECT id, name, checksum FROM migrations ORDER BY id').all()
  const meta = db.prepare('SELECT k, v FROM meta').all() as { k: string; v: string }[]
  return {
    applied: applied as unknown as AppliedMigration[],
    meta: new Map(meta.map(({ k, v }) => [k, v])),
  }
}

const namesFrom = (db: DatabaseSync, sql: string): readonly string[] =>
  (db.prepare(sql).all() as { name: string }[]).map(({ name }) => name)

const foreignFile = (file: string): DatabaseError =>
  new DatabaseError(
    `${file} is a database of another program. Tertulia would damage it, and whatever was here is gone. ` +
      'Put a backup in its place: tertulia restore FILE. Or name another folder in TERTULIA_DATA_DIR.',
  )
