import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createServer, openKeys, readConfig } from '@tertulia/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const SAFE = {
  TERTULIA_SECRET: SECRET,
  TERTULIA_ALLOWED_ORIGINS: 'https://app.example',
  TERTULIA_LOG_LEVEL: 'silent',
}
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

function replaceBy(sql: string): void {
  rmSync(file)
  const db = new DatabaseSync(file)
  db.exec(sql)
  db.close()
}

const HARMS = [
  ['emptied', cut(0), /is empty or gone/],
  ['deleted', () => rmSync(file), /is empty or gone/],
  ['cut off', cut(40_000), /its end is missing/],
  [
    'overwritten',
    () => writeFileSync(file, 'x'.repeat(200_000)),
    /first bytes are of something else/,
  ],
  [
    'replaced by one of another program',
    () => replaceBy('CREATE TABLE users (id INTEGER); INSERT INTO users VALUES (1)'),
    /of another program/,
  ],
  ['replaced by nothing', () => replaceBy('PRAGMA journal_mode = WAL'), /is empty, and it was not/],
  ['damaged', () => writeFileSync(file, scrambled(readFileSync(file))), /is damaged: .*malformed/],
] as const

function scramblePageOf(table: string): void {
  const db = new DatabaseSync(file)
  const { rootpage } = db
    .prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?')
    .get(table) as { rootpage: number }
  db.close()
  const bytes = readFileSync(file)
  bytes.fill(0xff, (rootpage - 1) * PAGE_BYTES, rootpage * PAGE_BYTES)
  writeFileSync(file, bytes)
}

const PAGE_BYTES = 4096

/** The list of its tables is of no use any more. */
function scrambled(bytes: Buffer): Buffer {
  bytes.fill(0xff, 100, 2000)
  return bytes
}

const files = () => (existsSync(file) ? readFileSync(file).toString('latin1') : null)

describe.each(HARMS)('a store that was %s', (_, harm, words) => {
  beforeEach(async () => {
    await (await openServer()).server.stop()
    harm()
  })

  it('is not started over', async () => {
    await expect(openServer()).rejects.toThrow(words)
    await expect(openServer()).rejects.toThrow(/tertulia restore/)
  })

  it('is refused by every other command as well, and none of them makes a new one', async () => {
    const before = files()
    const backup = join(folder, 'backup.db')
    for (const line of [
      'check',
      'audit',
      'keys list',
      'keys create x',
      `backup ${backup}`,
      'migrate',
    ]) {
      const cli = fakeWorld({ TERTULIA_DATA_DIR: folder }, { openKeys })
      expect(await cli.run(line), line).toBe(1)
      expect(cli.warned.join(), line).toMatch(words)
      expect(cli.warned.join(), line).toMatch(/tertulia restore/)
      expect(cli.warned.join(), line).not.toMatch(/^ +at /m)
    }
    const doctor = fakeWorld({ TERTULIA_DATA_DIR: folder }, { openKeys })
    expect(await doctor.run('doctor')).toBe(1)
    expect(doctor.printed.join()).toMatch(words)
    expect(files()).toEqual(before)
    await expect(openServer()).rejects.toThrow(words)
  })
})

it('a store with a page that cannot be read says which file it is, and what to do', async () => {
  await (await openServer()).server.stop()
  scramblePageOf('node_leases')
  const cli = fakeWorld({ TERTULIA_DATA_DIR: folder, ...SAFE }, { createServer })
  expect(await cli.run('start')).toBe(1)
  expect(cli.warned).toEqual([
    expect.stringMatching(
      /tertulia\.db is damaged: database disk image is malformed.*tertulia restore/,
    ),
  ])
})

it('a store that was emptied and made anew by another program is not started', async () => {
  await (await openServer()).server.stop()
  const mark = readFileSync(join(folder, 'store.mark'))
  rmSync(folder, { recursive: true })
  const cli = fakeWorld({ TERTULIA_DATA_DIR: folder })
  expect(await cli.run('migrate')).toBe(0)
  writeFileSync(join(folder, 'store.mark'), mark)
  await expect(openServer()).rejects.toThrow(/is empty, and it was not/)
})

it('a store of an older version is looked at by none of the commands before it is migrated', async () => {
  await (await openServer()).server.stop()
  const db = new DatabaseSync(file)
  db.exec('DELETE FROM migrations WHERE id > 1')
  db.close()
  for (const line of ['check', 'keys list', `backup ${join(folder, 'backup.db')}`]) {
    const cli = fakeWorld({ TERTULIA_DATA_DIR: folder }, { openKeys })
    expect(await cli.run(line), line).toBe(1)
    expect(cli.warned.join(), line).toMatch(/older version.*tertulia migrate/)
  }
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
