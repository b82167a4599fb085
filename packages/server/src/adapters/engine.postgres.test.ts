import { Cluster, type TestDatabase, testDatabase } from '@tertulia/postgres'
import { LIMITS, type Limits } from '@tertulia/protocol'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { StoreAwayError, StoreBrokenError, StoreConflictError } from '../store/engine.ts'
import type { Migration } from '../store/migrate.ts'
import { openPostgres } from './engine.postgres.ts'
import { migratePostgres } from './migrations.postgres.ts'

const log = { debug() {}, info() {}, warn() {}, error() {} }

const open = (url: string, limits: Partial<Limits> = {}) =>
  openPostgres({ url, limits: { ...LIMITS, storeConnections: 3, ...limits }, log })

const plain = (sql: string) => ({ sql, slots: [] })
const INSERT = plain(`INSERT INTO meta (k, v) VALUES ('a', '1')`)
const SELECT = plain(`SELECT v FROM meta WHERE k = 'a'`)

let database: TestDatabase
beforeEach(async () => {
  const made = await testDatabase()
  if (!made) throw new Error('These tests need the project postgres.')
  database = made
})
afterEach(() => database.drop())

/** Somebody else on the same database. */
async function stranger(work: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client(database.url)
  client.on('error', () => undefined)
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

const cutOthers = (client: Client) =>
  client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )

describe('a transaction', () => {
  test('is undone as a whole when a row that nobody waited for was refused', async () => {
    const engine = await open(database.url)
    await engine.write(async (tx) => tx.put(INSERT, []))
    const twice = engine.write(async (tx) => {
      tx.put(plain(`INSERT INTO meta (k, v) VALUES ('b', '1')`), [])
      tx.put(INSERT, [])
    })
    await expect(twice).rejects.toBeInstanceOf(StoreConflictError)
    expect(await engine.read((db) => db.all(plain('SELECT k FROM meta'), []))).toEqual([{ k: 'a' }])
    await engine.close()
  })

  test('reads one moment, whatever is committed meanwhile', async () => {
    const engine = await open(database.url)
    const seen = await engine.read(async (db) => {
      const before = await db.all(SELECT, [])
      await stranger(async (client) => void (await client.query(INSERT.sql)))
      return [before, await db.all(SELECT, [])]
    })
    expect(seen).toEqual([[], []])
    expect(await engine.read((db) => db.all(SELECT, []))).toEqual([{ v: '1' }])
    await engine.close()
  })

  test('does not wait for a lock longer than its bound', async () => {
    const engine = await open(database.url, { storeLockMs: 100 })
    await engine.write(async (tx) => tx.put(INSERT, []))
    await stranger(async (client) => {
      await client.query('BEGIN')
      await client.query(`UPDATE meta SET v = '2'`)
      const late = engine.write(async (tx) => tx.put(plain(`UPDATE meta SET v = '3'`), []))
      await expect(late).rejects.toBeInstanceOf(StoreAwayError)
      await client.query('COMMIT')
    })
    expect(await engine.read((db) => db.all(SELECT, []))).toEqual([{ v: '2' }])
    await engine.close()
  })
})

describe('a connection', () => {
  test('that was cut is thrown away, and the next one works', async () => {
    const engine = await open(database.url, { storeConnections: 1 })
    const cut = engine.write(async (tx) => {
      await stranger(async (client) => void (await cutOthers(client)))
      await tx.run(INSERT, [])
    })
    await expect(cut).rejects.toBeInstanceOf(StoreAwayError)
    await engine.write(async (tx) => tx.put(INSERT, []))
    expect(await engine.read((db) => db.all(SELECT, []))).toEqual([{ v: '1' }])
    await engine.close()
  })

  test('that leads to a server without writes is thrown away', async () => {
    const engine = await open(database.url, { storeConnections: 1 })
    const name = new URL(database.url).pathname.slice(1)
    const readOnly = (state: string) =>
      stranger(async (client) => {
        await client.query('SET default_transaction_read_only = off')
        await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = ${state}`)
        await cutOthers(client)
      })
    await readOnly('on')
    const refused = () => engine.write(async (tx) => tx.put(INSERT, []))
    await expect(refused()).rejects.toBeInstanceOf(StoreAwayError)
    await expect(refused()).rejects.toBeInstanceOf(StoreAwayError)
    await stranger(async (client) => {
      await client.query('SET default_transaction_read_only = off')
      await client.query(`ALTER DATABASE ${name} SET default_transaction_read_only = off`)
    })
    await engine.write(async (tx) => tx.put(INSERT, []))
    await engine.close()
  })

  test('to a database with another history ends everything: clients need a new epoch', async () => {
    const engine = await open(database.url, { storeConnections: 1 })
    const name = new URL(database.url).pathname.slice(1)
    const elsewhere = Object.assign(new URL(database.url), { pathname: '/postgres' }).href
    const client = new Client(elsewhere)
    await client.connect()
    await client.query(`DROP DATABASE ${name} WITH (FORCE)`)
    await client.query(`CREATE DATABASE ${name} TEMPLATE tertulia_template`)
    await client.end()
    const outcomes = []
    for (let attempt = 0; attempt < 3; attempt++)
      outcomes.push(await engine.read((db) => db.all(SELECT, [])).catch((error: Error) => error))
    expect(outcomes.at(-1)).toBeInstanceOf(StoreBrokenError)
    await engine.close()
  })
})

describe('a database is refused', () => {
  test.each([
    [
      'that does not know the letters of the world',
      { initdb: ['--locale=C'] },
      /initdb --encoding=UTF8/,
    ],
    ['that does not flush', { settings: { fsync: 'off' } }, /fsync is off/],
    [
      'that answers before it flushes',
      { settings: { synchronous_commit: 'off' } },
      /synchronous_commit is off/,
    ],
  ])('%s', async (_, options, words) => {
    await using cluster = await Cluster.start(options)
    await expect(open(cluster.url('postgres'))).rejects.toThrow(words)
  })

  test('that is not there', async () => {
    const nowhere = Object.assign(new URL(database.url), { port: '1' }).href
    await expect(open(nowhere)).rejects.toBeInstanceOf(StoreAwayError)
  })
})

describe('migrations', () => {
  const later: Migration = {
    id: migrations.length + 1,
    name: 'later',
    statements: ['CREATE TABLE later (id {id} PRIMARY KEY)'],
  }

  test('of two processes at once run once', async () => {
    const all = [...migrations, later]
    const counts = await Promise.all([
      migratePostgres(database.url, all, 1),
      migratePostgres(database.url, all, 1),
    ])
    expect(counts.sort()).toEqual([0, 1])
  })

  test('refuse a database that a newer program changed', async () => {
    await migratePostgres(database.url, [...migrations, later], 1)
    await expect(migratePostgres(database.url, migrations, 2)).rejects.toThrow(
      /Start the newer version/,
    )
  })

  test('make way for whoever holds a table, and try again', async () => {
    const column: Migration = {
      ...later,
      statements: ['ALTER TABLE channels ADD COLUMN colour TEXT'],
    }
    await stranger(async (client) => {
      const waiting = async () => {
        const { rows } = await client.query('SELECT 1 FROM pg_locks WHERE NOT granted')
        return rows.length > 0
      }
      await client.query('BEGIN')
      await client.query('LOCK TABLE channels IN ACCESS SHARE MODE')
      const migrated = migratePostgres(database.url, [...migrations, column], 1)
      await vi.waitUntil(waiting, { timeout: 10_000 })
      await vi.waitUntil(async () => !(await waiting()), { timeout: 10_000 })
      await client.query('COMMIT')
      expect(await migrated).toBe(1)
    })
  })

  test('leave nothing behind when one statement fails', async () => {
    const broken = { ...later, statements: [...later.statements, 'CREATE TABLE later (id {id})'] }
    await expect(migratePostgres(database.url, [...migrations, broken], 1)).rejects.toThrow(
      /exists/,
    )
    expect(await migratePostgres(database.url, [...migrations, later], 2)).toBe(1)
  })
})
