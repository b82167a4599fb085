import { testDatabase } from '@tertulia/postgres'
import { expect, test } from 'vitest'
import { duel } from './duel.ts'
import { Product } from './product.ts'

const OPERATIONS = Number(process.env['DUEL_OPERATIONS'] ?? 8000)

test('both engines give the same answers and hold the same rows', {
  timeout: 600_000,
}, async () => {
  const database = await testDatabase()
  if (!database) throw new Error('This test needs the project postgres.')
  const time = { ms: 1_800_000_000_000 }
  await using sqlite = await Product.onSqlite(time)
  await using postgres = await Product.onPostgres(database.url, time)
  const products = [sqlite, postgres] as const
  const { done, kinds } = await duel({ products, time, seed: 1, operations: OPERATIONS })
  expect(done).toBeGreaterThan(OPERATIONS / 3)
  expect([...kinds.keys()]).toEqual(
    expect.arrayContaining([
      'message.send',
      'sync.pull',
      'member.add',
      'channel.list',
      'scheduled.update',
    ]),
  )
})
