import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { ChatError, LIMITS, type Operation, operations } from '@tertulia/protocol'
import { createTokenBuckets } from '../kernel/tokenBuckets.ts'
import type { Log, LogFields } from '../ports/log.ts'
import type { Call } from '../ports/product.ts'
import { createAddressOf } from './clientAddress.ts'
import { createAllowsOrigin } from './origins.ts'
import { createHttp, type HttpOptions } from './rest.ts'

export const ALICE = { authorization: 'Bearer alice.s.token' }
export const SERVER = { authorization: 'Bearer tsk_server' }
export const CHANNEL = '726312345678901234'

/** A whole HTTP server over a product that only writes down what it was asked. */
export function openHttp(changes: Partial<HttpOptions> = {}) {
  const calls: Call[] = []
  const logged: { readonly level: string; readonly fields: LogFields }[] = []
  let authentications = 0
  let now = 0
  const note = (level: string) => (fields: LogFields) => void logged.push({ level, fields })
  const log: Log = {
    debug: note('debug'),
    info: note('info'),
    warn: note('warn'),
    error: note('error'),
  }

  const app = createHttp({
    operations: operations as readonly Operation[],
    calls: {
      call: async (call) => {
        calls.push(call)
        return { answered: call.op }
      },
    },
    authenticate: async (bearer) => {
      authentications++
      if (bearer === 'alice.s.token') return { kind: 'user', uid: '7', id: 'alice' }
      if (bearer === 'tsk_server') return { kind: 'server', keyId: '41', access: 'full' }
      throw new ChatError('unauthenticated')
    },
    buckets: createTokenBuckets({ monotonic: () => now }),
    random: { bytes: (count) => randomBytes(count) },
    log,
    limits: LIMITS,
    allowsOrigin: createAllowsOrigin({ allowed: ['https://app.example'], loopback: false }),
    behindTls: false,
    addressOf: createAddressOf([]),
    draining: () => false,
    ready: async () => ({ ready: true, reasons: [] }),
    metrics: () => [],
    metricsToken: null,
    extensions: [],
    ...changes,
  })

  return {
    app,
    calls,
    logged,
    authentications: () => authentications,
    pass: (ms: number) => (now += ms),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

/** Sends raw bytes over a real connection and gives back everything that comes until the other side ends. */
export async function sendRaw(
  app: ReturnType<typeof createHttp>,
  text: string | Uint8Array,
): Promise<string> {
  const { port } = app.server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
  socket.on('error', () => {})
  socket.write(text)
  await once(socket, 'close')
  return answer
}
