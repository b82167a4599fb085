import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))

let folder: string
let children: ChildProcess[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tertulia command '))
  children = []
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

/** The command as a process of its own, in a folder with a space. */
function tertulia(words: string, environment: Record<string, string> = {}, before = '') {
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      `${before} exec "$0" "$@"`,
      process.execPath,
      '--conditions=tertulia-source',
      MAIN,
    ].concat(words.split(' ')),
    {
      cwd: folder,
      env: { PATH: process.env['PATH'], TERTULIA_PORT: '0', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  children.push(child)
  const text = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.out += part))
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.err += part))
  const over = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }))
  const says = (pattern: RegExp) => {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const look = () => void (pattern.test(text.out) && resolve(text.out))
    child.stdout.on('data', look)
    void over.then(({ err }) => reject(new Error(`It ended: ${err}`)))
    look()
    return promise
  }
  return { over, says, signal: (name: NodeJS.Signals) => child.kill(name) }
}

describe('the process', () => {
  it('ends with the codes that the help names', async () => {
    const ends = ['--version', 'keys revoke 7', 'nonsense', 'start'].map(
      (words) => tertulia(words).over,
    )
    expect((await Promise.all(ends)).map(({ code }) => code)).toEqual([0, 1, 2, 3])
  })

  it('serves, lets alice in by a token of the command line, and drains on a signal', async () => {
    const dev = tertulia('dev')
    const url = /http:\/\/\S+/.exec(await dev.says(/Ctrl-C/))?.[0]
    const { out: token } = await tertulia('token alice --dev').over
    const answer = await fetch(`${url}/v1/channels`, {
      headers: { authorization: `Bearer ${token.trim()}` },
    })
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ channels: [{ channel: { name: 'Lunch' } }] })
    dev.signal('SIGTERM')
    expect((await dev.over).code).toBe(0)
  })

  it('makes a key that opens the door of a running server until it is revoked', async () => {
    const start = tertulia('start', { TERTULIA_SECRET: 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa' })
    const url = /http:\/\/[\d.:]+/.exec(await start.says(/http:/))?.[0]
    const statusWith = async (key: string) => {
      const { status } = await fetch(`${url}/v1/users`, {
        headers: { authorization: `Bearer ${key}` },
      })
      return status
    }
    const key = (await tertulia('keys create backend').over).out.trim()
    expect(await statusWith(key)).toBe(200)
    const [, row = ''] = (await tertulia('keys list').over).out.split('\n')
    const [id = ''] = row.split(' ')
    expect((await tertulia(`keys revoke ${id}`).over).code).toBe(0)
    expect(await statusWith(key)).toBe(401)
    start.signal('SIGTERM')
    expect((await start.over).code).toBe(0)
  })

  it('says in a sentence that there is no room for a backup, and leaves nothing of it behind', async () => {
    expect((await tertulia('migrate').over).code).toBe(0)
    // As on a disk with room for a few blocks only.
    const backup = await tertulia('backup monday.db', {}, 'trap "" XFSZ; ulimit -f 100;').over
    expect(backup.code).toBe(1)
    expect(backup.err).toMatch(/^monday.db could not be written: .* Make room/)
    expect(backup.err).not.toMatch(/^ +at /m)
    expect(await readdir(folder)).toEqual(['tertulia-data'])
  })
})
