import { ChatError, ClientHeartbeatFrame } from '@tertulia/protocol'
import { misfit } from '../kernel/misfit.ts'
import { parseStrictJson } from '../kernel/strictJson.ts'
import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import { countMalformed, countViolation, fail, tellError } from './failures.ts'
import { greet } from './hello.ts'
import { type Loop, monotonic } from './loop.ts'
import { handleRequest, refuseRequest } from './requests.ts'
import { takeSignal } from './signals.ts'
import { encode, offer } from './tell.ts'

/** What any frame costs of the inbound budget at least: to take it is work, however short it is. */
const LEAST_COST_BYTES = 256

/** A text frame of a client. Never throws: this is called by a socket. */
export function takeText(loop: Loop, connection: Connection, text: string): void {
  if (connection.isClosed()) return
  try {
    connection.heardAt = monotonic(loop.clock)
    const bytes = Buffer.byteLength(text)
    if (connection.phase === 'waiting') takeFirst(loop, connection, { text, bytes })
    else takeNext(loop, connection, { text, bytes })
  } catch (error) {
    fail(loop, connection, error)
  }
}

interface Inbound {
  readonly text: string
  readonly bytes: number
}

/** The only way in is a hello. */
function takeFirst(loop: Loop, connection: Connection, { text, bytes }: Inbound): void {
  const frame = bytes > loop.limits.firstFrameBytes ? null : frameOf(text)
  if (frame === null) close(loop, connection, 4413)
  else if (frame.ok && frame.value['type'] === 'hello') greet(loop, connection, frame.value)
  else {
    const wrong = frame.ok ? fault('type', 'must be hello in the first frame') : frame.error
    tellError(loop, connection, wrong)
    close(loop, connection, 4400)
  }
}

function takeNext(loop: Loop, connection: Connection, { text, bytes }: Inbound): void {
  const retryAfterMs = spend(loop, connection, bytes)
  const frame = frameOf(text)
  if (retryAfterMs > 0) refuse(loop, connection, { frame, retryAfterMs })
  else if (!frame.ok) refuseUnread(loop, connection, { text, error: frame.error })
  else takeFrame(loop, connection, { value: frame.value, bytes })
}

interface Unread {
  readonly text: string
  readonly error: ChatError
}

/** What strict JSON refuses may still be a request whose id can be read: somebody waits for its answer. */
function refuseUnread(loop: Loop, connection: Connection, { text, error }: Unread): void {
  const request = connection.phase === 'open' ? requestIn(text) : null
  if (request) refuseRequest(loop, connection, { frame: request, error })
  else countMalformed(loop, connection, error)
}

/** Only the id is taken from a text that was not read strictly. */
function requestIn(text: string): { readonly id: unknown } | null {
  try {
    const { type, id } = JSON.parse(text) as { readonly type?: unknown; readonly id?: unknown }
    return type === 'request' ? { id } : null
  } catch {
    return null
  }
}

interface Framed {
  readonly value: Readonly<Record<string, unknown>>
  readonly bytes: number
}

function takeFrame(loop: Loop, connection: Connection, { value, bytes }: Framed): void {
  const type = value['type']
  if (type === 'heartbeat') takeHeartbeat(loop, connection, value)
  else if (connection.phase === 'opening') takeEarly(loop, connection)
  else if (type === 'request') handleRequest(loop, connection, { frame: value, bytes })
  else if (!takeSignal(loop, connection, value)) {
    const wrong = type === 'hello' ? 'must not be hello a second time' : 'is not known'
    countMalformed(loop, connection, fault('type', wrong))
  }
}

function takeHeartbeat(loop: Loop, connection: Connection, value: object): void {
  const read = ClientHeartbeatFrame.safeParse(value)
  if (!read.success) countMalformed(loop, connection, misfit(read.error))
}

/** Nothing is held for a client that does not wait: it is not known yet who it is. */
function takeEarly(loop: Loop, connection: Connection): void {
  tellError(loop, connection, fault('type', 'must be hello until welcome came'))
  close(loop, connection, 4400)
}

type Read =
  | { readonly ok: true; readonly value: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly error: ChatError }

function frameOf(text: string): Read {
  try {
    const value = parseStrictJson(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return { ok: true, value: value as Record<string, unknown> }
    return { ok: false, error: fault('', 'must be an object') }
  } catch (error) {
    return { ok: false, error: error instanceof ChatError ? error : fault('', 'must be JSON') }
  }
}

const fault = (path: string, message: string): ChatError =>
  new ChatError('bad_request', { details: { fields: [{ path, message }] } })

/** Takes from the connection's inbound budget. Returns 0, or the ms after which there is enough. */
function spend(loop: Loop, connection: Connection, bytes: number): number {
  const { limits } = loop
  const now = connection.heardAt
  const msPerByte = 1000 / limits.inboundBytesPerSecond
  const cost = Math.ceil(Math.max(bytes, LEAST_COST_BYTES) * msPerByte)
  const fullAt = Math.max(now, connection.budgetFullAt) + cost
  const early = fullAt - now - limits.inboundBytesBurst * msPerByte
  if (early > 0) return Math.ceil(early)
  connection.budgetFullAt = fullAt
  warn(loop, connection, fullAt - now)
  return 0
}

/** Share of the burst at whose use a client is told to slow down, once, until half of it is back. */
const WARN_SHARE = 0.75
const CALM_SHARE = 0.5

function warn(loop: Loop, connection: Connection, usedMs: number): void {
  const { inboundBytesBurst, inboundBytesPerSecond } = loop.limits
  const burstMs = (inboundBytesBurst / inboundBytesPerSecond) * 1000
  if (usedMs < burstMs * CALM_SHARE) connection.warned = false
  if (usedMs < burstMs * WARN_SHARE || connection.warned) return
  connection.warned = true
  const retryAfterMs = Math.ceil(usedMs - burstMs * CALM_SHARE)
  offer(loop, connection, encode(loop, { type: 'rate', scope: 'bytes', retryAfterMs }))
}

function refuse(
  loop: Loop,
  connection: Connection,
  { frame, retryAfterMs }: { readonly frame: Read; readonly retryAfterMs: number },
): void {
  const error = new ChatError('rate_limited', { retryAfterMs, details: { scope: 'bytes' } })
  if (frame.ok && frame.value['type'] === 'request' && connection.phase === 'open')
    refuseRequest(loop, connection, { frame: frame.value, error })
  else tellError(loop, connection, error)
  countViolation(loop, connection, connection.heardAt)
}

/** A ping of the transport. The transport answers it. */
export function takePing(loop: Loop, connection: Connection): void {
  if (connection.isClosed() || connection.phase === 'waiting') return
  try {
    connection.heardAt = monotonic(loop.clock)
    if (spend(loop, connection, 0) > 0) countViolation(loop, connection, connection.heardAt)
  } catch (error) {
    fail(loop, connection, error)
  }
}
