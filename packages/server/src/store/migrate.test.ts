import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { migrateSqlite } from '../adapters/migrations.sqlite.ts'
import { migrations } from '../migrations/index.ts'
import { type Migration, spell } from './migrate.ts'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tertulia-'))
  file = join(folder, 'tertulia.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const later: Migration = {
  id: (migrations.at(-1)?.id ?? 0) + 1,
  name: 'later',
  statements: ['CREATE TABLE later (id {id} PRIMARY KEY)'],
}

describe('migrations', () => {
  test('run once, however often the program starts', () => {
    expect(migrateSqlite(file, migrations, 1)).toBe(migrations.length)
    expect(migrateSqlite(file, migrations, 2)).toBe(0)
  })

  test('refuse a store that a newer program changed', () => {
    migrateSqlite(file, [...migrations, later], 1)
    expect(() => migrateSqlite(file, migrations, 2)).toThrow(
      /schema \d+ \(later\).*knows up to \d+.*Start the newer version/s,
    )
  })

  test('refuse a store whose history differs from ours', () => {
    const [first] = migrations
    if (!first) throw new Error('There is no first migration.')
    migrateSqlite(
      file,
      [{ ...first, statements: [...first.statements, 'CREATE TABLE other (x)'] }],
      1,
    )
    expect(() => migrateSqlite(file, migrations, 2)).toThrow(/another text of migration 1/)
  })

  test('leave nothing behind when one statement fails', () => {
    const broken: Migration = {
      ...later,
      statements: [...later.statements, 'CREATE TABLE later (twice)'],
    }
    migrateSqlite(file, migrations, 1)
    expect(() => migrateSqlite(file, [...migrations, broken], 2)).toThrow(/already exists/)
    expect(migrateSqlite(file, [...migrations, later], 3)).toBe(1)
  })

  test('spell what the engines call differently', () => {
    expect(spell('a {id} b {key}', 'postgres')).toBe('a tertulia_id b TEXT COLLATE "C"')
    expect(() => spell('{odd}', 'sqlite')).toThrow(/no engine knows/)
  })
})
