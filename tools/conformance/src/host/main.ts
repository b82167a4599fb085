import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Limits } from '@tertulia/protocol'
import { createServer, hashOfKey, newApiKey, readConfig } from '@tertulia/server'

/**
 * The server that the suite starts for itself: a process of its own on a free port and a throw-away folder. It tells
 * its address and keys to its parent, writes its log as talkatively as it can, and ends with its parent.
 */
const PLENTY = 1_000_000

/** Raised or shortened, so that stories neither wait nor hinder each other. Bounds of the wire stay as they are. */
const raised: Partial<Limits> = {
  sendsPerSecond: PLENTY,
  sendsBurst: PLENTY,
  editsPerSecond: PLENTY,
  editsBurst: PLENTY,
  requestsPerSecond: PLENTY,
  requestsBurst: PLENTY,
  eventsPerSecond: PLENTY,
  eventsBurst: PLENTY,
  serverRequestsPerSecond: PLENTY,
  serverRequestsBurst: PLENTY,
  addressRequestsPerSecond: PLENTY,
  addressRequestsBurst: PLENTY,
  handshakesPerSecond: PLENTY,
  handshakesBurst: PLENTY,
  typingBurst: PLENTY,
  presenceGraceMs: 1500,
  inboundBytesPerSecond: PLENTY,
  inboundBytesBurst: PLENTY,
  heartbeatMs: 2000,
}

const random = { bytes: (count: number): Uint8Array => randomBytes(count) }
const dataDir = mkdtempSync(join(tmpdir(), 'tertulia-conformance-'))
const secret = randomBytes(48).toString('base64')
const apiKey = newApiKey(random)
const readKey = newApiKey(random)

const config = readConfig({
  TERTULIA_PORT: '0',
  TERTULIA_DATA_DIR: dataDir,
  TERTULIA_DATABASE_URL: process.env['TERTULIA_DATABASE_URL'],
  TERTULIA_SECRET: secret,
  TERTULIA_API_KEY: apiKey,
  TERTULIA_LOG_LEVEL: 'debug',
})
const limits = process.argv[2] === 'default limits' ? {} : raised
const server = await createServer({ ...config, secret }, { limits })
await server.apiKeys.insert({
  name: 'conformance, reading only',
  hash: Buffer.from(hashOfKey(readKey)).toString('hex'),
  access: 'read',
  createdAt: Date.now(),
  expiresAt: null,
})
const { url } = await server.listen()

async function stop(): Promise<void> {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
  process.exit(0)
}

process.once('SIGTERM', () => void stop())
process.once('disconnect', () => void stop())
process.send?.({ url, apiKey, secret, readKey })
