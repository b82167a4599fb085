import { once } from 'node:events'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { LIMITS, type Limits } from '@tertulia/protocol'
import { type ClientOptions, WebSocket } from 'ws'
import { createMemoryBus } from '../adapters/bus.memory.ts'
import { systemClock } from '../adapters/clock.system.ts'
import { cryptoRandom } from '../adapters/random.crypto.ts'
import { wsFraming } from '../adapters/socket.ws.ts'
import { systemTimers } from '../adapters/timers.node.ts'
import { createGateway } from '../connections/gateway.ts'
import { FakeProduct } from '../connections/product.suite.ts'
import { createTokenBuckets } from '../kernel/tokenBuckets.ts'
import type { LogFields } from '../ports/log.ts'
import { createAddressOf } from './clientAddress.ts'
import { createAllowsOrigin } from './origins.ts'
import { createWebSocketDoor } from './websocket.ts'

interface Settings {
  readonly limits?: Partial<Limits>
  readonly allowQueryToken?: boolean
}

/** A real HTTP server with the WebSocket door before a simulated product. */
export async function openDoor({ limits: changed, allowQueryToken = false }: Settings = {}) {
  const limits = { ...LIMITS, ...changed }
  const logged: { readonly level: string; readonly fields: LogFields }[] = []
  const note = (level: string) => (fields: LogFields) => void logged.push({ level, fields })
  const log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  const product = new FakeProduct(() => systemClock.now())
  const bus = createMemoryBus()
  const gateway = createGateway<Buffer>({
    operations: product,
    identities: product,
    streams: product,
    bus,
    clock: systemClock,
    timers: systemTimers,
    random: cryptoRandom,
    log,
    framing: wsFraming,
    limits,
    buckets: createTokenBuckets(systemClock),
    companions: [],
    features: [],
  })
  const http = createServer((_, response) => void response.writeHead(404).end())
  http.on(
    'upgrade',
    createWebSocketDoor({
      gateway,
      allowsOrigin: createAllowsOrigin({ allowed: ['https://app.example'], loopback: false }),
      addressOf: createAddressOf([]),
      allowQueryToken,
      limits,
      random: cryptoRandom,
      log,
    }),
  )
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const { port } = http.address() as AddressInfo
  return {
    product,
    bus,
    gateway,
    logged,
    port,
    connect: (path = '/v1/ws', options: ClientOptions = {}, protocols: string[] = []) =>
      new Client(new WebSocket(`ws://127.0.0.1:${port}${path}`, protocols, options)),
    async [Symbol.asyncDispose]() {
      gateway.closeAll()
      http.closeAllConnections()
      http.close()
      await once(http, 'close')
    },
  }
}

/** The client's end of a real connection. */
export class Client {
  readonly ws: WebSocket
  readonly frames: { readonly type: string; readonly [field: string]: unknown }[] = []
  readonly #outcome: Promise<unknown>
  #wake: () => void = () => {}

  constructor(ws: WebSocket) {
    this.ws = ws
    ws.on('message', (data) => {
      this.frames.push(JSON.parse(data.toString()))
      this.#wake()
    })
    ws.on('error', () => {})
    this.#outcome = new Promise((resolve) => {
      ws.once('open', () => resolve('open'))
      ws.once('unexpected-response', (_, response) => {
        let body = ''
        response.on('data', (part: Buffer) => (body += part))
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            problem: JSON.parse(body),
          }),
        )
      })
    })
  }

  /** `open`, or the HTTP answer that came instead. */
  outcome(): Promise<unknown> {
    return this.#outcome
  }

  async hello(token: string, channels: readonly string[] = []): Promise<void> {
    await this.#outcome
    this.say({
      type: 'hello',
      protocol: 1,
      token,
      device: 'd',
      channels: channels.map((id) => ({ id })),
    })
    await this.until((frames) => frames.length > 0)
  }

  say(frame: unknown): void {
    this.ws.send(JSON.stringify(frame))
  }

  async until(done: (frames: Client['frames']) => boolean): Promise<void> {
    while (!done(this.frames)) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  async closeCode(): Promise<number> {
    if (this.ws.readyState === WebSocket.CLOSED)
      throw new Error('It was closed before anybody asked.')
    const [code] = await once(this.ws, 'close')
    return code as number
  }
}

/** Sends raw bytes and gives back everything that comes until the other side ends. */
export async function sendRaw(port: number, bytes: string | Uint8Array): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  let answer = ''
  socket.setEncoding('latin1').on('data', (part: string) => (answer += part))
  socket.on('error', () => {})
  socket.write(bytes)
  await once(socket, 'close')
  return answer
}
