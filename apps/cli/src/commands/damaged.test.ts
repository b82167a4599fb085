import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, readConfig } from '@tertulia/server'
import { afterEach, beforeEach, expect, it } from 'vitest'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const SERVER = { kind: 'server', keyId: 'test', access: 'full' } as const

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tertulia-damaged-'))
  file = join(folder, 'tertulia.db')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function openServer() {
  const config = readConfig({ TERTULIA_DATA_DIR: folder, TERTULIA_LOG_LEVEL: 'silent' })
  const server = await createServer({ ...config, secret: SECRET })
  const users = Array.from({ length: 50 }, (_, nth) => ({ id: `user-${nth}` }))
  const call = (op: string, input: unknown) =>
    server.operations.call({ actor: SERVER, op, input, requestId: 'r', bytes: 0 })
  await call('user.upsert', { users })
  return { server, call }
}

const cut = (size: number) => () => writeFileSync(file, readFileSync(file).subarray(0, size))

it.each([
  ['emptied', cut(0), /is empty or gone/],
  ['deleted', () => rmSync(file), /is empty or gone/],
  ['cut off', cut(40_000), /its end is missing/],
  [
    'overwritten',
    () => writeFileSync(file, 'x'.repeat(200_000)),
    /first bytes are of something else/,
  ],
])('a store that was %s is not started over, and stays as it is', async (_, harm, words) => {
  await (await openServer()).server.stop()
  harm()
  await expect(openServer()).rejects.toThrow(words)
  await expect(openServer()).rejects.toThrow(/tertulia restore/)
})

it('a store that was killed with its log beside it starts', async () => {
  const { server } = await openServer()
  const kept = ['tertulia.db', 'tertulia.db-wal', 'store.mark'].map(
    (name) => [name, readFileSync(join(folder, name))] as const,
  )
  await server.stop()
  for (const [name, bytes] of kept) writeFileSync(join(folder, name), bytes)
  const { server: again } = await openServer()
  await again.stop()
  expect(statSync(file).size).toBeGreaterThan(0)
})
