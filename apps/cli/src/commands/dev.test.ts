import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

let folder: string
let backend: Awaited<ReturnType<typeof openBackend>>

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tertulia dev '))
  backend = await openBackend()
})
afterEach(async () => {
  backend.close()
  await rm(folder, { recursive: true })
})

/** Stands in for the REST door: bob exists, the others do not. */
async function openBackend() {
  const made: unknown[] = []
  const keys = new Set<string | undefined>()
  const read = async (request: IncomingMessage) =>
    JSON.parse(Buffer.concat(await request.toArray()).toString())
  const server = createServer(async (request, answer) => {
    keys.add(request.headers.authorization)
    const looks = request.method === 'GET'
    if (!looks) made.push([request.url, await read(request)])
    answer.writeHead(looks && request.url !== '/v1/users/bob' ? 404 : 200).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { made, keys, url: `http://127.0.0.1:${port}`, close: () => server.close() }
}

function devWorld(environment: Record<string, string> = {}, locked: readonly string[] = []) {
  const cli = fakeWorld({ TERTULIA_DATA_DIR: folder, ...environment })
  const create = cli.world.createServer
  cli.world.createServer = async (config, overrides) => {
    if (locked.includes(config.dataDir))
      throw Object.assign(new Error('in use'), { name: 'DataFolderError' })
    return { ...(await create(config, overrides)), listen: async () => ({ url: backend.url }) }
  }
  return cli
}

async function runDev(cli: ReturnType<typeof devWorld>) {
  const code = cli.run('dev')
  await Promise.race([cli.listening, code])
  cli.signal('SIGTERM')
  return code
}

const secretsOf = async (dataDir: string) =>
  JSON.parse(await readFile(join(dataDir, 'dev.json'), 'utf8'))

describe('dev', () => {
  it('keeps a throw-away secret and key for its owner alone', async () => {
    const [first, second] = [devWorld(), devWorld()]
    expect(await runDev(first)).toBe(0)
    expect(await runDev(second)).toBe(0)
    const { secret, apiKey } = await secretsOf(folder)
    expect(first.started[0]?.config).toMatchObject({ secret, apiKey })
    expect(second.started[0]?.config).toMatchObject({ secret, apiKey })
    expect((await stat(join(folder, 'dev.json'))).mode & 0o777).toBe(0o600)
    expect(first.printed.join()).not.toContain(secret)
  })

  it('makes the sample users that are missing and a channel for all, by the API key', async () => {
    expect(await runDev(devWorld())).toBe(0)
    const newcomers = [
      ['alice', 'Alice'],
      ['charlie', 'Charlie'],
      ['dana', 'Dana'],
    ]
    expect(backend.made).toEqual([
      ...newcomers.map(([id, name]) => ['/v1/users', { users: [{ id, name }] }]),
      ['/v1/channels/by-key/lunch', expect.objectContaining({ name: 'Lunch' })],
    ])
    expect([...backend.keys]).toEqual([`Bearer ${(await secretsOf(folder)).apiKey}`])
  })

  it('says where it is and how to go on', async () => {
    const cli = devWorld()
    await runDev(cli)
    expect(cli.printed.join()).toContain(backend.url)
    expect(cli.printed.join()).toContain('npm run -s tertulia -- token alice --dev')
  })

  it('opens the directory and logs little, unless told otherwise', async () => {
    const cli = devWorld()
    await runDev(cli)
    expect(cli.started[0]?.config).toMatchObject({ directory: 'all', logLevel: 'warn' })
    const strict = devWorld({ TERTULIA_DIRECTORY: 'shared', TERTULIA_LOG_LEVEL: 'info' })
    await runDev(strict)
    expect(strict.started[0]?.config).toMatchObject({ directory: 'shared', logLevel: 'info' })
  })

  it('moves to a free port, unless one was chosen', async () => {
    const blocker = createTcpServer()
    await new Promise<void>((resolve) =>
      blocker.listen(8484, '127.0.0.1', resolve).once('error', () => resolve()),
    )
    try {
      const cli = devWorld()
      await runDev(cli)
      expect(cli.started[0]?.config.port).not.toBe(8484)
      const chosen = devWorld({ TERTULIA_PORT: '8484' })
      await runDev(chosen)
      expect(chosen.started[0]?.config.port).toBe(8484)
    } finally {
      blocker.close()
    }
  })

  it('holds to a chosen data folder, even when it is taken', async () => {
    const cli = devWorld({}, [folder])
    expect(await cli.run('dev')).toBe(1)
    expect(cli.warned).toEqual(['in use'])
  })

  it('does not guess when its secrets are damaged', async () => {
    await writeFile(join(folder, 'dev.json'), '{"secret":')
    const cli = devWorld()
    expect(await cli.run('dev')).toBe(1)
    expect(cli.warned.join()).toMatch(/Delete the file/)
  })
})

describe('token --dev', () => {
  it('signs with the secret of the data folder', async () => {
    await runDev(devWorld())
    const cli = devWorld()
    expect(await cli.run('token alice --dev')).toBe(0)
    const [, claims = ''] = cli.printed[0]?.split('.') ?? []
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toEqual({
      sub: 'alice',
      iat: 1_800_000_000,
      exp: 1_800_003_600,
    })
  })

  it('needs a `tertulia dev` before', async () => {
    const cli = devWorld()
    expect(await cli.run('token alice --dev')).toBe(1)
    expect(cli.warned.join()).toMatch(/Run that first/)
  })
})

describe('token', () => {
  it('signs with the secret of the environment, for as long as wished', async () => {
    const cli = fakeWorld({ TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa' })
    expect(await cli.run('token bob --expires-in 60')).toBe(0)
    const [, claims = ''] = cli.printed[0]?.split('.') ?? []
    expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
      sub: 'bob',
      exp: 1_800_000_060,
    })
  })

  it('is refused with 2 where no server would accept it', async () => {
    const cli = fakeWorld({ TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa' })
    expect(await cli.run('token a/b')).toBe(2)
    expect(await cli.run('token bob --expires-in 99999999')).toBe(2)
    expect(await fakeWorld().run('token bob')).toBe(2)
  })
})
