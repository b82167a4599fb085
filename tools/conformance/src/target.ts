import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { testDatabase } from '@tertulia/postgres'

/** An installation that is held against the contract. */
export interface Target {
  /** Its nodes. People are spread over them. */
  readonly urls: readonly [string, ...string[]]
  readonly apiKey: string
  readonly secret: string
  /** A key that may only read; null when nobody gave one, then its cells of the matrix are left out. */
  readonly readKey: string | null
  /** What the server wrote so far to its log and its terminal; null when somebody else started it. */
  readonly log: () => string | null
  stop(): Promise<void>
}

/** The server of the environment, or one of our own. */
export async function openTarget(settings: NodeJS.ProcessEnv = process.env): Promise<Target> {
  const { CONFORMANCE_URL: url, CONFORMANCE_API_KEY: apiKey, CONFORMANCE_SECRET: secret } = settings
  if (!url) return startOwn('raised limits')
  if (!apiKey || !secret)
    throw new Error(
      'CONFORMANCE_URL names a server, and the key or the secret is missing. Without them nobody can be made up to ' +
        'talk there. Set CONFORMANCE_API_KEY and CONFORMANCE_SECRET too.',
    )
  const [first = '', ...others] = url.split(',').map((node) => node.trim().replace(/\/$/, ''))
  const readKey = settings['CONFORMANCE_READ_KEY'] ?? null
  return {
    urls: [first, ...others],
    apiKey,
    secret,
    readKey,
    log: () => null,
    stop: async () => {},
  }
}

/** What the started server tells: see host/main.ts. */
interface Ready {
  readonly url: string
  readonly apiKey: string
  readonly secret: string
  readonly readKey: string
}

const HOST = fileURLToPath(new URL('./host/main.ts', import.meta.url))

/** A server of our own, as a process of its own. Its rate limits are raised, unless they are what the story is about. */
export async function startOwn(limits: 'raised limits' | 'default limits'): Promise<Target> {
  const database = await testDatabase()
  const child = spawn(process.execPath, ['--conditions=tertulia-source', HOST, limits], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { PATH: process.env['PATH'], TERTULIA_DATABASE_URL: database?.url },
  })
  const written: string[] = []
  child.stdout?.on('data', (chunk: Buffer) => written.push(chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => written.push(chunk.toString()))
  const log = () => written.join('')
  const { url, ...keys } = await readyOf(child, log)
  return {
    urls: [url],
    ...keys,
    log,
    async stop() {
      await stop(child, log)
      await database?.drop()
    },
  }
}

async function readyOf(child: ChildProcess, log: () => string): Promise<Ready> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`The server of this suite did not start. It wrote:\n${log()}`)
  })
  const [ready] = await Promise.race([once(child, 'message'), ended])
  ended.catch(() => {})
  return ready as Ready
}

async function stop(child: ChildProcess, log: () => string): Promise<void> {
  child.kill('SIGTERM')
  const [code] = await once(child, 'close')
  if (code !== 0)
    throw new Error(`The server of this suite ended with ${code}. It wrote:\n${log().slice(-4000)}`)
}
