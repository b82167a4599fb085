import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, readConfig } from '@tertulia/server'
import { expect, it } from 'vitest'

const SECRET = 'kZ8v1Qx0w7pT3nLr9sYb5uGd2hJf6mCa'
const SERVER = { kind: 'server', keyId: 'F23', access: 'full' } as const
const DISK = '12m'
/** What somebody else has on the same disk, and takes away in the end. */
const BALLAST_BYTES = 8_000_000
const TEXT_BYTES = 15_000
const MOST_SENDS = 1000
const RECOVERY_MS = 5000

/** A disk of 12 MB; null where nobody may mount one. */
function smallDisk(): { readonly folder: string; [Symbol.dispose](): void } | null {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia-f23-'))
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'tmpfs', folder])
  const remove = () => rmSync(folder, { recursive: true, force: true })
  if (status !== 0) {
    remove()
    return null
  }
  return {
    folder,
    [Symbol.dispose]() {
      spawnSync('umount', ['-l', folder])
      remove()
    },
  }
}

async function openServer(dataDir: string) {
  const config = readConfig({ TERTULIA_DATA_DIR: dataDir, TERTULIA_LOG_LEVEL: 'silent' })
  const server = await createServer({ ...config, secret: SECRET })
  const call = (op: string, input: unknown) =>
    server.operations.call({ actor: SERVER, op, input, requestId: 'r', bytes: 0 })
  return { server, call }
}

type Call = Awaited<ReturnType<typeof openServer>>['call']

let clientIds = 0
const send = (call: Call, channelId: string) => {
  const clientId = `019a9f2e-8c4b-7000-8000-${String(++clientIds).padStart(12, '0')}`
  return call('message.send', { channelId, clientId, text: 'x'.repeat(TEXT_BYTES) })
}

async function newest(call: Call, channelId: string): Promise<number> {
  const page = (await call('message.history', { channelId, limit: 1 })) as {
    messages: { seq: number }[]
  }
  return page.messages[0]?.seq ?? 0
}

it('F23: a full disk refuses what is new, keeps what was acknowledged, and recovers by itself', async () => {
  using disk = smallDisk()
  if (!disk) {
    process.stderr.write('!!! F23 was NOT RUN: nobody may mount a small disk here.\n')
    return
  }
  const ballast = join(disk.folder, 'ballast')
  writeFileSync(ballast, Buffer.alloc(BALLAST_BYTES))
  const dataDir = join(disk.folder, 'data')
  mkdirSync(dataDir)
  const { server, call } = await openServer(dataDir)
  const made = (await call('channel.getOrCreate', { key: 'full' })) as { channel: { id: string } }
  const channelId = made.channel.id

  let acknowledged = 0
  let refusal: { readonly code?: string } = {}
  for (let count = 0; count < MOST_SENDS && refusal.code === undefined; count++) {
    await send(call, channelId).then(
      () => acknowledged++,
      (error) => {
        refusal = error
      },
    )
  }
  expect(refusal).toMatchObject({ code: 'unavailable', details: { reason: 'the store is full' } })
  expect(acknowledged).toBeGreaterThan(10)
  const head = await newest(call, channelId)
  expect(head).toBe(acknowledged + 1)

  rmSync(ballast)
  const deadline = performance.now() + RECOVERY_MS
  let isBack = false
  while (!isBack && performance.now() < deadline)
    isBack = await send(call, channelId).then(
      () => true,
      () => false,
    )
  expect(isBack).toBe(true)
  await server.stop()

  const { server: again, call: ask } = await openServer(dataDir)
  expect(await newest(ask, channelId)).toBe(head + 1)
  await again.stop()
}, 60_000)
