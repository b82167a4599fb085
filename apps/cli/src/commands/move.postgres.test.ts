import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestDatabase, testDatabase } from '@tertulia/postgres'
import { createServer, moveStore, openKeys, readConfig } from '@tertulia/server'
import { Client } from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

const move = async (from = dataDir) => {
  const cli = fakeWorld({ TERTULIA_DATA_DIR: from })
  const code = await cli.run(`migrate --to ${database.url}`)
  return { code, said: cli.printed.join('\n'), warned: cli.warned.join('\n') }
}

async function sql(...statements: string[]): Promise<void> {
  const client = new Client(database.url)
  await client.connect()
  for (const statement of statements) await client.query(statement)
  await client.end()
}

function inOldStore(statement: string): void {
  const db = new DatabaseSync(join(dataDir, 'tertulia.db'))
  db.exec(statement)
  db.close()
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
    code: 4,
    said: expect.stringContaining('stop it, and run this again'),
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
  await move()
  await old.stop()
  // As if the walk had ended in the middle, and somebody had tried something out.
  await sql(
    'DELETE FROM messages WHERE seq % 3 = 0',
    `UPDATE messages SET text = 'odd' WHERE seq % 5 = 0`,
    `INSERT INTO streams (id, owner, epoch, seq) VALUES (5, 'channel', 1, 9)`,
  )
  expect(await move()).toMatchObject({ code: 0 })
  const moved = await onDatabase()
  expect(await everything(moved.call)).toEqual(before)
  await moved.stop()
})

it('a key that was made while the rest was copied comes along', async () => {
  const old = await onFile()
  await talk(old.call, 1, 1)
  await old.stop()
  let made = 0
  await moveStore({
    config: readConfig({ TERTULIA_DATA_DIR: dataDir }),
    to: database.url,
    progress(table) {
      if (table === 'messages' && made++ === 0)
        inOldStore(
          `INSERT INTO api_keys (id, name, hash, scopes, created_at) VALUES (7, 'late', 'x', '["full"]', 1)`,
        )
    },
  })
  const cli = fakeWorld({ TERTULIA_DATABASE_URL: database.url }, { openKeys })
  await cli.run('keys list')
  expect(cli.printed.join()).toContain('late')
})

it('what was interrupted between the two stores is finished', async () => {
  const old = await onFile()
  await talk(old.call, 1, 3)
  const before = await everything(old.call)
  await move()
  await old.stop()
  inOldStore(`INSERT INTO meta (k, v) VALUES ('moved_to', 'db.example/chat')`)
  await expect(onFile()).rejects.toThrow(/was moved/)
  await expect(onDatabase()).rejects.toThrow(/migrate --to/)
  expect(await move()).toMatchObject({ code: 0 })
  const moved = await onDatabase()
  expect(await everything(moved.call)).toEqual(before)
  await moved.stop()
})

describe('a move never deletes what a server wrote', () => {
  it('after it is finished, whether a server runs there or not', async () => {
    const old = await onFile()
    await talk(old.call, 1, 2)
    await old.stop()
    await move()
    expect(await move()).toMatchObject({ code: 1, warned: expect.stringMatching(/is finished/) })
    const moved = await onDatabase()
    await talk(moved.call, 2, 2)
    const before = await everything(moved.call)
    expect(await move()).toMatchObject({ code: 1, warned: expect.stringMatching(/is finished/) })
    await moved.stop()
    expect((await move()).code).toBe(1)
    const again = await onDatabase()
    expect(await everything(again.call)).toEqual(before)
    await again.stop()
  })

  it('in a database of another installation, whether a server runs there or not', async () => {
    const theirs = await onDatabase()
    await talk(theirs.call, 1, 2)
    const before = await everything(theirs.call)
    const ours = await onFile()
    await talk(ours.call, 1, 1)
    await ours.stop()
    const live = await move()
    expect(live).toMatchObject({ code: 1, warned: expect.stringMatching(/empty database/) })
    await theirs.stop()
    expect((await move()).code).toBe(1)
    const again = await onDatabase()
    expect(await everything(again.call)).toEqual(before)
    await again.stop()
  })

  it('in a database with a key for a server that did not start yet', async () => {
    await sql(
      `INSERT INTO api_keys (id, name, hash, scopes, created_at) VALUES (7, 'backend', 'x', '[]', 1)`,
    )
    await (await onFile()).stop()
    const refused = await move()
    expect(refused).toMatchObject({ code: 1, warned: expect.stringMatching(/rows in api_keys/) })
  })

  it('in the middle of the move of another store', async () => {
    const old = await onFile()
    await talk(old.call, 1, 1)
    await move()
    await old.stop()
    const other = mkdtempSync(join(tmpdir(), 'tertulia-move-'))
    await (await openServer({ TERTULIA_DATA_DIR: other })).stop()
    const refused = await move(other)
    expect(refused).toMatchObject({ code: 1, warned: expect.stringMatching(/of another store/) })
    rmSync(other, { recursive: true })
    expect((await move()).code).toBe(0)
  })

  it('in a database of another program', async () => {
    await sql(
      'DROP SCHEMA public CASCADE',
      'CREATE SCHEMA public',
      'CREATE TABLE users (id BIGINT)',
      'INSERT INTO users VALUES (1)',
    )
    await (await onFile()).stop()
    const refused = await move()
    expect(refused).toMatchObject({ code: 1, warned: expect.stringMatching(/tables of another/) })
    await expect(onDatabase()).rejects.toThrow(/another program.*: users\./)
  })
})

it('no server starts on a half-moved database, and says what to do', async () => {
  const old = await onFile()
  await talk(old.call, 1, 1)
  await move()
  await expect(onDatabase()).rejects.toThrow(/part of an embedded store.*migrate --to/)
  for (const words of ['check', 'audit', 'keys list', 'migrate']) {
    const cli = fakeWorld({ TERTULIA_DATABASE_URL: database.url }, { openKeys })
    expect(await cli.run(words), words).toBe(1)
    expect(cli.warned.join(), words).toMatch(/part of an embedded store/)
  }
  const doctor = fakeWorld({ TERTULIA_DATABASE_URL: database.url })
  expect(await doctor.run('doctor')).toBe(1)
  expect(doctor.printed.join()).toMatch(/part of an embedded store/)
  await old.stop()
})
