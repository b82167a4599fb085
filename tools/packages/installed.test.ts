import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest'
import { Installation } from './src/installation.ts'
import { Program } from './src/program.ts'
import { root } from './src/published.ts'
import { skippable } from './src/registry.ts'
import { call, Stranger } from './src/stranger.ts'

const packed = inject('packed')
const SECRET = { TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa' }

/** Wherever a type had become `any`, the mistake that is expected would not be found. */
const TYPED = `
import { Message, operations } from '@tertulia/protocol'
import { openApiDocument } from '@tertulia/protocol/documents'
import { createServer, type Extension, readConfig } from '@tertulia/server'

export const hello: Extension = (app) => void app.get('/hello', async () => 'hello')
export const server = createServer({ ...readConfig(process.env), secret: 'a secret' })
// @ts-expect-error
export const promise: number = server
// @ts-expect-error
export const route: Extension = (app) => void (app satisfies number)
// @ts-expect-error
export const text: number = Message.parse({}).text
// @ts-expect-error
export const name: number = operations[0].name
// @ts-expect-error
export const document: number = openApiDocument()
`

/** Also after a story that ran out of time. */
const programs: Program[] = []
afterEach(async () => {
  await Promise.all(programs.splice(0).map((program) => program.end()))
})

function runs(folder: string, words: readonly string[], environment?: Record<string, string>) {
  const program = new Program(folder, words, environment)
  programs.push(program)
  return program
}

/** Makes Node say that it is an old one: the check of the command runs as it would there. */
const OLD_NODE = `data:text/javascript,Object.defineProperty(process, 'versions', {
  value: { ...process.versions, node: '20.19.0' } })`

/** What a folder holds into which somebody installs the named package, with those of ours that it needs. */
function installed(names: readonly string[]) {
  let installation: Installation | undefined
  beforeAll(async () => {
    const wanted = packed.filter(({ name }) => names.includes(name))
    const tarballs = wanted.map(({ tarball }) => tarball)
    installation = await Installation.of(tarballs).catch(skippable)
  })
  afterAll(() => installation?.[Symbol.dispose]())
  return (title: string, story: (there: Installation) => Promise<void>) =>
    it(title, async ({ skip }) => {
      if (installation === undefined) return skip('no registry of npm answers here')
      await story(installation)
    })
}

describe('the command, from its tarball in an empty folder', () => {
  const story = installed(packed.map(({ name }) => name))
  const tertulia = ({ folder }: Installation, words: string, environment = {}) =>
    runs(folder, ['npx', '--no-install', 'tertulia', ...words.split(' ')], environment)

  story('says its version', async (there) => {
    const program = tertulia(there, '--version')
    const { version } = packed.find(({ name }) => name === 'tertulia') ?? {}
    expect(await program.over).toMatchObject({ code: 0, out: `${version}\n` })
  })

  story('lets alice and bob talk, keeps charlie out, and stops in order', async (there) => {
    const dataDir = join(there.folder, 'data of dev')
    const environment = { TERTULIA_PORT: '0', TERTULIA_DATA_DIR: dataDir }
    const dev = tertulia(there, 'dev', environment)
    const url = await dev.says(/running at (\S+)[\s\S]*Ctrl-C/)

    const page = await (await fetch(url)).text()
    expect(page).toBe(readFileSync(join(root, 'apps/demo/public/index.html'), 'utf8'))

    const { apiKey } = JSON.parse(readFileSync(join(dataDir, 'dev.json'), 'utf8'))
    const body = { name: 'Smoke', members: [{ userId: 'alice' }, { userId: 'bob' }] }
    const smoke = { method: 'PUT', token: apiKey, body }
    const { answer } = await call(`${url}/v1/channels/by-key/smoke`, smoke)
    const channelId = (answer['channel'] as { id: string }).id

    const tokenOf = async (userId: string) => {
      const wish = { method: 'POST', body: { userId } }
      return (await call(`${url}/dev/token`, wish)).answer['token'] as string
    }
    using alice = await Stranger.joins(url, await tokenOf('alice'))
    using bob = await Stranger.joins(url, await tokenOf('bob'))
    await bob.asks('interest.set', { channels: [{ id: channelId, interest: 'full' }] })
    const clientId = '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21'
    await alice.asks('message.send', { channelId, clientId, text: 'Is anybody there?' })
    const event = await bob.hears(({ name }) => name === 'message.created')
    expect(event).toMatchObject({ by: 'alice', data: { message: { text: 'Is anybody there?' } } })

    const history = `${url}/v1/channels/${channelId}/messages`
    const seen = await call(history, { token: await tokenOf('bob') })
    expect(seen.answer).toMatchObject({ messages: [{ clientId, text: 'Is anybody there?' }] })
    expect((await call(history, { token: await tokenOf('charlie') })).status).toBe(404)

    // To the server itself: npx does not pass this signal on wherever /bin/sh is dash.
    const lock = readFileSync(join(dataDir, 'server.lock'), 'utf8')
    process.kill(Number.parseInt(lock, 10), 'SIGTERM')
    expect(await dev.over).toMatchObject({ code: 0 })
  })

  story('brings the driver of PostgreSQL', async (there) => {
    const nobody = { TERTULIA_DATABASE_URL: 'postgres://tertulia@127.0.0.1:1/tertulia', ...SECRET }
    const start = tertulia(there, 'start', { TERTULIA_PORT: '0', ...nobody })
    const { code, err } = await start.over
    expect(code).not.toBe(0)
    expect(err).toContain('ECONNREFUSED')
    expect(err).not.toContain('npm install')
  })

  story('says in one sentence that a Node is too old', async (there) => {
    const main = join(there.folder, 'node_modules/tertulia/dist/main.js')
    const old = runs(there.folder, [process.execPath, '--import', OLD_NODE, main, 'dev'])
    const { code, out, err } = await old.over
    expect({ code, out }).toEqual({ code: 1, out: '' })
    expect(err).toMatch(/^Tertulia needs Node\.js 24 or newer.*https:\/\/nodejs\.org\.\n$/)
  })
})

describe('the server alone, in the program of somebody', () => {
  const story = installed(['@tertulia/protocol', '@tertulia/server'])
  const readme = readFileSync(join(root, 'packages/server/README.md'), 'utf8')
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? []
  const embedded = ({ folder }: Installation, environment: Record<string, string>) => {
    writeFileSync(join(folder, 'program.mjs'), example)
    const settings = { TERTULIA_PORT: '0', TERTULIA_LOG_LEVEL: 'silent', ...SECRET, ...environment }
    return runs(folder, [process.execPath, 'program.mjs'], settings)
  }

  story('brings at most sixty packages, and no driver', async (there) => {
    const foreign = there.packages().filter((name) => !name.startsWith('@tertulia/'))
    expect(foreign.length).toBeLessThanOrEqual(60)
    expect(foreign).not.toContain('pg')
  })

  story('runs as its README says', async (there) => {
    const program = embedded(there, {})
    const url = await program.says(/Chat is at (\S+)/)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    program.signal('SIGTERM')
    expect((await program.over).code).toBe(0)
  })

  story('has types for a program in TypeScript, with nothing else installed', async (there) => {
    writeFileSync(join(there.folder, 'program.ts'), TYPED)
    const strict = '--noEmit --strict --skipLibCheck false --module nodenext --types node'
    const ours = join(root, 'node_modules')
    const words = [join(ours, 'typescript/bin/tsc'), ...strict.split(' '), 'program.ts']
    const typeRoots = ['--typeRoots', join(ours, '@types')]
    const tsc = runs(there.folder, [process.execPath, ...words, ...typeRoots])
    expect(await tsc.over).toEqual({ code: 0, out: '', err: '' })
  })

  story('tells how to get the driver of PostgreSQL when it is named', async (there) => {
    const named = { TERTULIA_DATABASE_URL: 'postgres://tertulia@127.0.0.1:1/tertulia' }
    const program = embedded(there, named)
    const { code, err } = await program.over
    expect(code).toBe(1)
    expect(err).toContain('Install it: npm install pg')
  })
})
