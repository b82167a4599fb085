import type { IncomingMessage } from 'node:http'
import { Socket as NetSocket } from 'node:net'
import type { Duplex } from 'node:stream'
import { ChatError, type Limits } from '@tertulia/protocol'
import { createWsServer } from '../adapters/socket.ws.ts'
import type { Gateway } from '../connections/gateway.ts'
import type { Random } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Caller } from '../ports/socket.ts'
import { bearerOf } from './bearerHeader.ts'
import { type AddressOf, networkOf } from './clientAddress.ts'
import type { AllowsOrigin } from './origins.ts'
import { refusedField } from './problem.ts'
import { queryOf } from './query.ts'
import { endWith, rawProblem } from './rawProblem.ts'
import { checkRequestHead } from './requestHead.ts'
import { newRequestId } from './requestIds.ts'

const PATH = '/v1/ws'
const VERSION = '13'

export interface WebSocketOptions {
  readonly gateway: Gateway<Buffer>
  readonly allowsOrigin: AllowsOrigin
  readonly addressOf: AddressOf
  /** Whether a token may stand in the address, where logs and histories keep it. */
  readonly allowQueryToken: boolean
  readonly limits: Limits
  readonly random: Pick<Random, 'bytes'>
  readonly log: Log
}

/** Takes the `upgrade` event of an HTTP server. Whatever comes in there, it throws nothing. */
export type WebSocketDoor = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

export function createWebSocketDoor(options: WebSocketOptions): WebSocketDoor {
  const server = createWsServer(options.limits)
  // The library found the handshake itself to be wrong.
  server.on('wsClientError', (error, socket) => {
    if (socket instanceof NetSocket)
      refuse(options, socket, new ChatError('bad_request', { cause: error }))
  })
  return (request, socket, head) => {
    if (!(socket instanceof NetSocket)) {
      socket.destroy()
      return
    }
    socket.on('error', destroyThis)
    try {
      const caller = check(options, request)
      server.handleUpgrade(request, socket, head, (ws) => {
        socket.off('error', destroyThis)
        ws.attach(socket, options.gateway.accept(ws, caller))
      })
    } catch (error) {
      refuse(options, socket, error)
    }
  }
}

/** A peer may reset the connection at any moment; without a listener that would end the process. */
function destroyThis(this: NetSocket): void {
  this.destroy()
}

/** Throws the reason for which nobody may come in this way. The cheap looks come first, identity comes with the hello. */
function check(options: WebSocketOptions, request: IncomingMessage): Caller {
  const { headers, url = '' } = request
  checkRequestHead(request)
  if (url.split('?')[0] !== PATH) throw new ChatError('not_found')
  checkHandshake(request)
  if (headers.origin !== undefined && !options.allowsOrigin(headers.origin))
    throw new ChatError('origin_not_allowed')
  const caller = callerOf(options, request)
  admit(options, caller.address)
  return caller
}

function checkHandshake({ method, httpVersion, headers }: IncomingMessage): void {
  if (method !== 'GET') throw new ChatError('method_not_allowed')
  if (httpVersion !== '1.1') throw refusedField('', 'a WebSocket needs HTTP/1.1')
  if (headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0')
    throw refusedField('', 'a handshake has no body')
  // Version 8 carries the origin in a header of another name, past the check.
  if (headers['sec-websocket-version'] !== VERSION)
    throw refusedField('Sec-WebSocket-Version', `must be ${VERSION}`)
}

function callerOf(options: WebSocketOptions, request: IncomingMessage): Caller {
  const query = new URLSearchParams(queryOf(request.url ?? ''))
  const queryToken = query.get('token')
  if (queryToken !== null && !options.allowQueryToken) throw new ChatError('token.in_url')
  return {
    address: networkOf(options.addressOf(request)),
    token: bearerOf(request) ?? queryToken,
    ticket: query.get('ticket'),
  }
}

function admit({ gateway }: WebSocketOptions, address: string): void {
  const admitted = gateway.admit(address)
  if (admitted.ok) return
  const { reason, retryAfterMs } = admitted
  throw new ChatError('unavailable', { retryAfterMs, details: { reason } })
}

function refuse({ random, log }: WebSocketOptions, socket: NetSocket, error: unknown): void {
  const known = error instanceof ChatError ? error : new ChatError('internal', { cause: error })
  const requestId = newRequestId(random)
  if (known.code === 'internal') log.error({ requestId, err: error }, 'handshake failed')
  else log.debug({ requestId, code: known.code }, 'handshake refused')
  endWith(socket, rawProblem(known, { requestId, headers: headersFor(known) }))
}

function headersFor({ code }: ChatError): Readonly<Record<string, string>> {
  if (code === 'method_not_allowed') return { Allow: 'GET' }
  return code === 'bad_request' ? { 'Sec-WebSocket-Version': VERSION } : {}
}
