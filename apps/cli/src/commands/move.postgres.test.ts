import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestDatabase, testDatabase } from '@tertulia/postgres'
import { createServer, readConfig } from '@tertulia/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const SERVER = { kind: 'server', keyId: 'test', access: 'full' } as const

let dataDir = ''
let database: TestDatabase
beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'tertulia-move-'))
  const made = await testDatabase()
  if (!made) throw new Error('These tests need the project postgres.')
  database = made
})
afterEach(async () => {
  rmSync(dataDir, { recursive: true, force: true })
  await database.drop()
})

const move = async () => {
  const cli = fakeWorld({ TERTULIA_DATA_DIR: dataDir })
  return { code: await cli.run(`migrate --to ${database.url}`), said: cli.printed.join('\n') }
}

async function openServer(environment: Record<string, string>) {
  const config = readConfig({ TERTULIA_LOG_LEVEL: 'silent', ...environment })
  const server = await createServer({ ...config, secret: SECRET })
  let calls = 0
  const call = (op: string, input: unknown) =>
    server.operations.call({ actor: SERVER, op, input, requestId: `r${++calls}`, bytes: 0 })
  return { stop: () => server.stop(), call }
}

const onFile = () => openServer({ TERTULIA_DATA_DIR: dataDir })
const onDatabase = () => openServer({ TERTULIA_DATABASE_URL: database.url })

type Call = Awaited<ReturnType<typeof openServer>>['call']

let clientIds = 0
async function talk(call: Call, channels: number, messages: number): Promise<void> {
  await call('user.upsert', { users: [{ id: 'alice', name: 'Älice ❤' }, { id: 'bob' }] })
  for (let nth = 0; nth < channels; nth++) {
    const members = [{ userId: 'alice' }, { userId: 'bob' }]
    const made = await call('channel.getOrCreate', { key: `key-${nth}`, members })
    const { id: channelId } = (made as { channel: { id: string } }).channel
    for (let count = 0; count < messages; count++)
      await call('message.send', {
        channelId,
        clientId: `019a9f2e-8c4b-7000-8000-${String(++clientIds).padStart(12, '0')}`,
        text: `text ${count} “quoted”, {braced}, \\slashed\\, NULL`,
      })
  }
}

/** All that a client could see, channel by channel. */
async function everything(call: Call): Promise<unknown> {
  const { channels } = (await call('channel.list', { userId: 'alice', limit: 100 })) as {
    channels: { channel: { id: string } }[]
  }
  const histories = channels.map(({ channel: { id } }) =>
    call('message.history', { channelId: id, limit: 100 }),
  )
  return { channels, histories: await Promise.all(histories) }
}

it('a store in use is copied, and taken over when it is stopped: nothing differs, not even the epoch', async () => {
  const old = await onFile()
  await talk(old.call, 3, 30)
  const first = await move()
  expect(first).toMatchObject({
    code: 1,
    said: expect.stringContaining('Stop it, and run this again'),
  })

  await talk(old.call, 4, 5)
  await old.call('user.deactivate', { userId: 'bob' })
  const before = await everything(old.call)
  await old.stop()
  const second = await move()
  expect(second).toMatchObject({ code: 0, said: expect.stringContaining('is the store now') })

  const moved = await onDatabase()
  expect(await everything(moved.call)).toEqual(before)
  await talk(moved.call, 2, 1)
  await moved.stop()
  const check = fakeWorld({ TERTULIA_DATABASE_URL: database.url })
  expect([await check.run('check'), check.printed, check.warned]).toEqual([
    0,
    [expect.stringContaining('well')],
    [],
  ])
})

it('the old store does not start again, and says where everything is', async () => {
  const old = await onFile()
  await talk(old.call, 1, 1)
  await old.stop()
  await move()
  await expect(onFile()).rejects.toThrow(/was moved to 127\.0\.0\.1/)
})

it('what was interrupted is gone on with, and what is wrong over there is set right', async () => {
  const old = await onFile()
  await talk(old.call, 2, 50)
  const before = await everything(old.call)
  await old.stop()
  await move()
  // As if the walk had ended in the middle, and somebody had tried something out.
  const { Client } = await import('pg')
  const client = new Client(database.url)
  await client.connect()
  await client.query('DELETE FROM messages WHERE seq % 3 = 0')
  await client.query(`UPDATE messages SET text = 'odd' WHERE seq % 5 = 0`)
  await client.query(`INSERT INTO streams (id, owner, epoch, seq) VALUES (5, 'channel', 1, 9)`)
  await client.end()
  expect(await move()).toMatchObject({ code: 0 })
  expect((await move()).said).toContain('0 of them written')
  const moved = await onDatabase()
  expect(await everything(moved.call)).toEqual(before)
  await moved.stop()
})

it.each(['http://db.example/chat', 'postgres', ''])('%j is no database', async (to) => {
  const cli = fakeWorld({ TERTULIA_DATA_DIR: dataDir })
  expect(await cli.run(`migrate --to=${to}`)).toBe(2)
})
