import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createServer, readConfig, type ServerConfig } from '@tertulia/server'
import { afterEach, beforeEach } from 'vitest'
import { fakeWorld } from '../fakes.suite.ts'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const SERVER = { kind: 'server', keyId: 'test', access: 'full' } as const

/** An installation in a folder of its own, new for every test. */
export class Installation {
  folder = ''
  dataDir = ''

  constructor() {
    beforeEach(() => {
      this.folder = mkdtempSync(join(tmpdir(), 'tertulia-upkeep-'))
      this.dataDir = join(this.folder, 'data')
    })
    afterEach(() => rmSync(this.folder, { recursive: true, force: true }))
  }

  /** The command line of whoever runs it. */
  readonly cli = (extra: Record<string, string> = {}) =>
    fakeWorld({ TERTULIA_DATA_DIR: this.dataDir, ...extra })

  readonly openServer = async (changes: Partial<ServerConfig> = {}) => {
    const config = readConfig({ TERTULIA_DATA_DIR: this.dataDir, TERTULIA_LOG_LEVEL: 'silent' })
    const server = await createServer({ ...config, secret: SECRET, ...changes })
    let calls = 0
    const call = (op: string, input: unknown) =>
      server.operations.call({ actor: SERVER, op, input, requestId: `r${++calls}`, bytes: 0 })
    return { server, call }
  }

  /** As an accident would: past the server. */
  damage(sql: string): void {
    const db = new DatabaseSync(join(this.dataDir, 'tertulia.db'))
    db.exec(sql)
    db.close()
  }
}

export type Call = Awaited<ReturnType<Installation['openServer']>>['call']

/** Alice and Bob talk. Resolves with the channel. */
export async function talk(call: Call, texts: readonly string[]): Promise<string> {
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
export const clientId = (index: number) =>
  `019a9f2e-8c4b-7${String(index).padStart(3, '0')}-8000-${String(++run).padStart(12, '0')}`

export async function textsOf(call: Call, channelId: string): Promise<string[]> {
  const { messages } = (await call('message.history', { channelId })) as {
    messages: { text: string }[]
  }
  return messages.map(({ text }) => text)
}
