import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { migrateSqlite } from '../../adapters/migrations.sqlite.ts'
import { migrations } from '../../migrations/index.ts'
import { MOVED } from './tables.ts'

/** What a store says of itself. */
const NOT_MOVED = ['meta', 'migrations']

test('every table is moved, in the order of its key', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-tables-'))
  const file = join(folder, 'tertulia.db')
  migrateSqlite(file, migrations, 0)
  const db = new DatabaseSync(file)
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all()
    .map(({ name }) => String(name))
  const keyOf = (table: string) =>
    db
      .prepare('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk')
      .all(table)
      .map(({ name }) => String(name))
  const found = tables
    .filter((name) => !NOT_MOVED.includes(name))
    .map((name) => ({ name, key: keyOf(name) }))
  db.close()
  rmSync(folder, { recursive: true })
  const byName = (one: { name: string }, other: { name: string }) =>
    one.name < other.name ? -1 : 1
  expect([...MOVED].sort(byName)).toEqual(found.sort(byName))
})
