import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SAFE = {
  TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa',
  TERTULIA_ALLOWED_ORIGINS: 'https://app.example',
}

let dataDir = ''
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'tertulia-doctor-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const visit = async (environment: Record<string, string>) => {
  const cli = fakeWorld({ ...SAFE, TERTULIA_DATA_DIR: dataDir, ...environment })
  return { code: await cli.run('doctor'), said: cli.printed.join('\n') }
}

it('has nothing to say about a safe installation', async () => {
  expect(await visit({})).toEqual({ code: 0, said: 'Nothing to mend.' })
})

it.each([
  [{ TERTULIA_SECRET: 'short' }, /TERTULIA_SECRET is shorter[\s\S]*openssl rand/],
  [{ TERTULIA_HOST: '0.0.0.0' }, /TERTULIA_HOST opens plain HTTP/],
  [{ TERTULIA_ALLOWED_ORIGINS: '' }, /no page in a browser can connect/],
  [
    { TERTULIA_ALLOWED_ORIGINS: 'http://app.example' },
    /http:\/\/app.example, which is not encrypted/,
  ],
  [{ TERTULIA_BEHIND_TLS: '1' }, /export TERTULIA_TRUSTED_PROXIES=127.0.0.1/],
  [
    { TERTULIA_PREVIOUS_SECRET: `${SAFE.TERTULIA_SECRET} before` },
    /unset TERTULIA_PREVIOUS_SECRET/,
  ],
  [
    { TERTULIA_PREVIOUS_SECRET: SAFE.TERTULIA_SECRET },
    /TERTULIA_PREVIOUS_SECRET is the same as TERTULIA_SECRET/,
  ],
  [{ TERTULIA_ALLOW_QUERY_TOKEN: '1' }, /logs of every proxy/],
])('finds %j', async (environment, words) => {
  const { code, said } = await visit(environment)
  expect(code).toBe(1)
  expect(said).toMatch(words)
  expect(said).toMatch(/To mend: 1\.$/)
})

it.each(['file', 'file/data'])('sees that %s cannot be the data folder', async (name) => {
  writeFileSync(join(dataDir, 'file'), '')
  const { code, said } = await visit({ TERTULIA_DATA_DIR: join(dataDir, name) })
  expect(code).toBe(1)
  expect(said).toMatch(/file is a file:\n.*cannot be made there/)
  expect(said).not.toContain('..')
})

it.skipIf(process.getuid?.() === 0)(
  'sees that nobody here may write in the data folder',
  async () => {
    chmodSync(dataDir, 0o500)
    const { said } = await visit({ TERTULIA_DATA_DIR: join(dataDir, 'data') })
    expect(said).toMatch(/may not write in .*\n.*the server will not start/)
  },
)

it('asks for TLS to a database elsewhere, and tells no password', async () => {
  const { said } = await visit({ TERTULIA_DATABASE_URL: 'postgres://me:hush@203.0.113.1:1/chat' })
  expect(said).toContain('sslmode=verify-full')
  expect(said).toContain('The store cannot be opened')
  expect(said).not.toContain('hush')
  expect(said).not.toContain('..')
}, 20_000)

it('sees that others may look into the folder', async () => {
  chmodSync(dataDir, 0o755)
  expect((await visit({})).said).toContain(`chmod 700 ${dataDir}`)
})

it('asks for a backup until there is a young one', async () => {
  const cli = (words: string, now: number) =>
    fakeWorld({ ...SAFE, TERTULIA_DATA_DIR: dataDir }, { now: () => now }).run(words)
  await cli('migrate', Date.now())
  expect((await visit({})).said).toContain('There is no backup of this store')
  await cli(`backup ${join(dataDir, 'today.db')}`, Date.now())
  expect(await cli('doctor', Date.now())).toBe(0)
  expect(await cli('doctor', Date.now() + 8 * 86_400_000)).toBe(1)
})
