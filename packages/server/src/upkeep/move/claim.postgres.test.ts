import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { testDatabase } from '@tertulia/postgres'
import { LIMITS } from '@tertulia/protocol'
import { expect, test } from 'vitest'
import { openPostgres } from '../../adapters/engine.postgres.ts'
import { openSqlite } from '../../adapters/engine.sqlite.ts'
import { migrateSqlite } from '../../adapters/migrations.sqlite.ts'
import { migrations } from '../../migrations/index.ts'
import type { Engine } from '../../store/engine.ts'
import { claimTarget, nameSource } from './claim.ts'
import { type MoveOptions, move } from './move.ts'

const quiet = { debug() {}, info() {}, warn() {}, error() {} }

async function openBoth() {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-claim-'))
  const file = join(folder, 'tertulia.db')
  migrateSqlite(file, migrations, 0)
  const database = await testDatabase()
  if (!database) throw new Error('These tests need the project postgres.')
  const from = openSqlite(file)
  const to = await openPostgres({ url: database.url, limits: LIMITS, log: quiet })
  return {
    from,
    to,
    async [Symbol.asyncDispose]() {
      await from.close()
      await to.close()
      await database.drop()
      rmSync(folder, { recursive: true })
    },
  }
}

const stream = (id: number) => ({
  sql: `INSERT INTO streams (id, owner, epoch, seq) VALUES (${id}, 'channel', 1, 5)`,
  slots: [],
})

/** The engine, with something that happens elsewhere before its nth transaction. */
function interrupted(engine: Engine, nth: number, happens: () => Promise<unknown>): Engine {
  let writes = 0
  return {
    ...engine,
    async write(job) {
      if (++writes === nth) await happens()
      return engine.write(job)
    },
  }
}

test('an earlier run of a move stops when a later one begins, and writes nothing any more', async () => {
  await using both = await openBoth()
  await both.from.write(async (changes) => changes.put(stream(1), []))
  const source = await nameSource(both.from, 'old')
  const options: MoveOptions = {
    from: both.from,
    to: interrupted(both.to, 2, () => claimTarget(both.to, source, 'later')),
    source,
    run: 'earlier',
    identity: 'database',
    isStopped: true,
    place: 'db.example/chat',
    progress() {},
  }
  await expect(move(options)).rejects.toThrow(/began after this one/)
  const rows = await both.to.read((db) =>
    db.all<{ id: string }>({ sql: 'SELECT id FROM streams', slots: [] }, []),
  )
  expect(rows).toEqual([])
  await move({ ...options, to: both.to, run: 'last' })
  await expect(claimTarget(both.to, source, 'one more')).rejects.toThrow(/is finished/)
})
