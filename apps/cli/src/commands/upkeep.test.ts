import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createServer, readConfig } from '@tertulia/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const SERVER = { kind: 'server', keyId: 'test', access: 'full' } as const

let folder = ''
let dataDir = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tertulia-upkeep-'))
  dataDir = join(folder, 'data')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const cli = (extra: Record<string, string> = {}) =>
  fakeWorld({ TERTULIA_DATA_DIR: dataDir, ...extra })

async function openServer() {
  const config = readConfig({ TERTULIA_DATA_DIR: dataDir, TERTULIA_LOG_LEVEL: 'silent' })
  const server = await createServer({ ...config, secret: SECRET })
  let calls = 0
  const call = (op: string, input: unknown) =>
    server.operations.call({ actor: SERVER, op, input, requestId: `r${++calls}`, bytes: 0 })
  return { server, call }
}

type Call = Awaited<ReturnType<typeof openServer>>['call']

/** Alice and Bob talk. Resolves with the channel. */
async function talk(call: Call, texts: readonly string[]): Promise<string> {
  await call('user.upsert', { users: [{ id: 'alice' }, { id: 'bob' }] })
  const members = [{ userId: 'alice', role: 'owner' }, { userId: 'bob' }]
  const { channel } = (await call('channel.getOrCreate', { key: 'lunch', members })) as {
    channel: { id: string }
  }
  for (const [index, text] of texts.entries())
    await call('message.send', { channelId: channel.id, clientId: clientId(index), text })
  return channel.id
}

let run = 0
const clientId = (index: number) =>
  `019a9f2e-8c4b-7${String(index).padStart(3, '0')}-8000-${String(++run).padStart(12, '0')}`

async function textsOf(call: Call, channelId: string): Promise<string[]> {
  const { messages } = (await call('message.history', { channelId })) as {
    messages: { text: string }[]
  }
  return messages.map(({ text }) => text)
}

/** As an accident would: past the server. */
function damage(sql: string): void {
  const db = new DatabaseSync(join(dataDir, 'tertulia.db'))
  db.exec(sql)
  db.close()
}

describe('migrate', () => {
  it('makes the tables once', async () => {
    const { run, printed } = cli()
    expect(await run('migrate')).toBe(0)
    expect(await run('migrate')).toBe(0)
    expect(printed).toEqual(['1 migration done.', expect.stringContaining('already')])
  })
})

describe('a folder without a store', () => {
  it.each(['check', 'audit', 'backup x.db', 'restore x.db'])(
    'is refused by %s, and stays empty',
    async (words) => {
      const { run, warned } = cli()
      expect(await run(words)).toBe(1)
      expect(warned.join()).toMatch(/There is no (store|file)/)
      expect(existsSync(join(dataDir, 'tertulia.db'))).toBe(false)
    },
  )
})

describe('check', () => {
  beforeEach(async () => {
    const { server, call } = await openServer()
    await talk(call, ['one', 'two', 'three'])
    await server.stop()
  })

  it('finds nothing in a store that nobody harmed', async () => {
    const { run, printed } = cli()
    expect(await run('check')).toBe(0)
    expect(printed.join()).toContain('All is well')
  })

  it('finds what was changed past the server, without telling any content', async () => {
    damage(`UPDATE messages SET text = 'forged' WHERE text = 'two'`)
    const { run, printed } = cli()
    expect(await run('check')).toBe(1)
    expect(printed.join('\n')).toMatch(/message \d+ at \d+ was changed.*Only a backup helps/)
    expect(printed.join('\n')).not.toMatch(/forged|two/)
  })

  it.each([
    ['member_count = 7', /says 7 members and has 2/],
    ['owner_count = 0', /says 0 owners and has 1/],
    ['last_message_seq = 1', /says 1 for its newest message/],
  ])('recounts a channel with %s, and sets it right when asked to', async (wrong, words) => {
    damage(`UPDATE channels SET ${wrong}`)
    const first = cli()
    expect(await first.run('check')).toBe(1)
    expect(first.printed.join('\n')).toMatch(words)
    const second = cli()
    expect(await second.run('check --repair')).toBe(0)
    expect(second.printed.join('\n')).toContain('Repaired.')
    const third = cli()
    expect(await third.run('check')).toBe(0)
  })

  it('sets the side of the user right by the side of the channel', async () => {
    damage(`UPDATE memberships SET state = 'left'`)
    expect(await cli().run('check')).toBe(1)
    expect(await cli().run('check --repair')).toBe(0)
    expect(await cli().run('check')).toBe(0)
  })

  it.each([
    `DELETE FROM streams WHERE owner = 'channel'`,
    `UPDATE streams SET seq = 2 WHERE owner = 'channel'`,
    `DELETE FROM outbox WHERE seq = 3`,
    `DELETE FROM users WHERE id = 'bob'`,
  ])('finds what is missing: %s', async (sql) => {
    damage(sql)
    expect(await cli().run('check')).toBe(1)
    expect(await cli().run('check --repair')).toBe(1)
  })
})

describe('audit', () => {
  /** A role, a key, a deletion, a backup: what an operator would be asked about later. */
  async function eventfulDay() {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one', 'two'])
    const { messages } = (await call('message.history', { channelId })) as {
      messages: { id: string }[]
    }
    await call('member.update', { channelId, userId: 'bob', role: 'moderator' })
    await call('message.delete', { channelId, messageId: messages[0]?.id })
    await call('user.deactivate', { userId: 'bob' })
    await call('channel.delete', { channelId })
    await server.stop()
    await cli().run(`backup ${join(folder, 'monday.db')}`)
  }

  it('tells what was done, by whom and to what, and no content', async () => {
    await eventfulDay()
    const { run, printed } = cli()
    expect(await run('audit')).toBe(0)
    const actions = printed.map((line) => line.split('  ')[3])
    expect(actions).toEqual([
      'configuration.changed',
      'member.role',
      'message.deleted',
      'user.deactivated',
      'channel.deleted',
      'store.backedUp',
    ])
    expect(printed[1]).toContain('"from":"member","to":"moderator"')
    expect(printed.join()).not.toMatch(/\bone\b|\btwo\b/)
    const short = cli()
    await short.run('audit --last 2')
    expect(short.printed).toEqual(printed.slice(-2))
  })

  it('notes a start only when the settings are others', async () => {
    for (let start = 0; start < 3; start++) await (await openServer()).server.stop()
    const { run, printed } = cli()
    await run('audit')
    expect(printed).toHaveLength(1)
  })

  it.each([
    [`UPDATE audit SET actor = 'nobody' WHERE seq = 2`, /entry 2 was changed/],
    ['DELETE FROM audit WHERE seq = 3', /entry 4 comes after 2: entries are missing/],
    ['DELETE FROM audit WHERE seq = 6', /does not reach its head at 6/],
    ['UPDATE audit SET seq = 9 WHERE seq = 6', /entry 9 comes after 5/],
  ])('shows when somebody laid hands on it: %s', async (sql, words) => {
    await eventfulDay()
    expect(await cli().run('check')).toBe(0)
    damage(sql)
    const { run, printed } = cli()
    expect(await run('check')).toBe(1)
    expect(printed.join('\n')).toMatch(words)
  })
})

describe('backup and restore', () => {
  it('bring back the moment of the backup, in a new epoch', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one', 'two'])
    const file = join(folder, 'monday.db')
    expect(await cli().run(`backup ${file}`)).toBe(0)
    await talk(call, ['three'])
    await server.stop()

    const restoring = cli()
    expect(await restoring.run(`restore ${file}`)).toBe(0)
    expect(restoring.printed.join()).toContain('is kept as')

    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toEqual(['one', 'two'])
    expect(await ask('message.history', { channelId })).toMatchObject({
      epoch: expect.toSatisfy((epoch: number) => epoch > 1_700_000_000),
    })
    await again.stop()
    expect(await cli().run('check')).toBe(0)
    expect(readdirSync(dataDir).some((name) => name.startsWith('tertulia.db.before-'))).toBe(true)
  })

  it('of a store in use holds every channel up to some moment, without a hole', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(
      call,
      Array.from({ length: 200 }, (_, n) => `${n}`),
    )
    let isOver = false
    const talking = (async () => {
      for (let n = 200; !isOver; n++)
        await call('message.send', { channelId, clientId: clientId(n % 1000), text: `${n}` })
    })()
    const file = join(folder, 'busy.db')
    expect(await cli().run(`backup ${file}`)).toBe(0)
    isOver = true
    await talking
    await server.stop()
    await cli().run(`restore ${file}`)
    const { server: again, call: ask } = await openServer()
    const { seq } = (await ask('channel.get', { channelId })) as { seq: number }
    const seqs: number[] = []
    for (let before: number | undefined; ; before = seqs[0]) {
      const page = (await ask('message.history', { channelId, before, limit: 100 })) as {
        messages: { seq: number }[]
      }
      if (page.messages.length === 0) break
      seqs.unshift(...page.messages.map((message) => message.seq))
    }
    expect(seqs.length).toBeGreaterThanOrEqual(200)
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, n) => seq - seqs.length + 1 + n))
    await again.stop()
    expect(await cli().run('check')).toBe(0)
  })

  it('replaces no file and leaves none behind that is not whole', async () => {
    const { server, call } = await openServer()
    await talk(call, ['one'])
    await server.stop()
    const file = join(folder, 'monday.db')
    expect(await cli().run(`backup ${file}`)).toBe(0)
    expect(await cli().run(`backup ${file}`)).toBe(1)
    damage(`UPDATE messages SET text = 'forged'`)
    const other = join(folder, 'tuesday.db')
    const failed = cli()
    expect(await failed.run(`backup ${other}`)).toBe(1)
    expect(failed.warned.join()).toMatch(/1 rows that cannot be right/)
    expect(readdirSync(folder).sort()).toEqual(['data', 'monday.db'])
  })

  it('brings back what only the log of a killed server holds, also of the store that was put aside', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one', 'two'])
    // What kill -9 leaves behind: the newest messages are in the log beside the file.
    const crashed = join(folder, 'crashed.db')
    for (const suffix of ['', '-wal'])
      copyFileSync(join(dataDir, `tertulia.db${suffix}`), crashed + suffix)
    await server.stop()
    expect(await cli().run(`restore ${crashed}`)).toBe(0)
    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toEqual(['one', 'two'])
    await talk(ask, ['three'])
    for (const suffix of ['', '-wal'])
      copyFileSync(join(dataDir, `tertulia.db${suffix}`), join(folder, `later.db${suffix}`))
    await again.stop()

    for (const suffix of ['', '-wal'])
      copyFileSync(join(folder, `later.db${suffix}`), join(dataDir, `tertulia.db${suffix}`))
    const restoring = cli()
    expect(await restoring.run(`restore ${crashed}`)).toBe(0)
    const kept = restoring.printed.join().match(/is kept as (\S+)\.$/)?.[1] ?? ''
    expect(await cli().run(`restore ${kept}`)).toBe(0)
    const { server: third, call: last } = await openServer()
    expect(await textsOf(last, channelId)).toEqual(['one', 'two', 'three'])
    await third.stop()
  })

  it('are readable for nobody else', async () => {
    const { server, call } = await openServer()
    await talk(call, ['one'])
    await server.stop()
    const file = join(folder, 'monday.db')
    await cli().run(`backup ${file}`)
    await cli().run(`restore ${file}`)
    const stores = readdirSync(dataDir).filter((name) => name.startsWith('tertulia.db'))
    for (const path of [file, ...stores.map((name) => join(dataDir, name))])
      expect(statSync(path).mode & 0o077, path).toBe(0)
  })

  it('do not restore over a running server', async () => {
    const { server, call } = await openServer()
    const channelId = await talk(call, ['one'])
    const file = join(folder, 'monday.db')
    await cli().run(`backup ${file}`)
    const { run, warned } = cli()
    expect(await run(`restore ${file}`)).toBe(1)
    expect(warned.join()).toContain('is in use')
    expect(await textsOf(call, channelId)).toEqual(['one'])
    await server.stop()
  })

  it.each([
    ['cut off', (file: string) => truncate(file)],
    ['flipped', (file: string) => flip(file)],
    ['something else', (file: string) => copyFileSync(import.meta.filename, file)],
  ])('refuses a backup that is %s, and touches nothing', async (_, harm) => {
    const { server, call } = await openServer()
    const channelId = await talk(
      call,
      Array.from({ length: 50 }, (_, n) => `text ${n}`),
    )
    await server.stop()
    const file = join(folder, 'monday.db')
    await cli().run(`backup ${file}`)
    harm(file)
    expect(await cli().run(`restore ${file}`)).toBe(1)
    const { server: again, call: ask } = await openServer()
    expect(await textsOf(ask, channelId)).toHaveLength(50)
    await again.stop()
    expect(existsSync(join(dataDir, 'tertulia.db.restoring'))).toBe(false)
  })
})

function truncate(file: string): void {
  const bytes = readFileSync(file)
  writeFileSync(file, bytes.subarray(0, bytes.length / 2))
}

/** One bit in the middle of a message: SQLite itself does not notice. */
function flip(file: string): void {
  const bytes = readFileSync(file)
  const at = bytes.indexOf('text 33')
  bytes[at + 5] = (bytes[at + 5] ?? 0) ^ 1
  writeFileSync(file, bytes)
}
