import { LIMITS, type Limits } from '@tertulia/protocol'
import { createMemoryBus } from '../adapters/bus.memory.ts'
import { createTokenBuckets } from '../kernel/tokenBuckets.ts'
import type { Announcement } from '../ports/bus.ts'
import type { Companion } from '../ports/companion.ts'
import type { Log, LogFields } from '../ports/log.ts'
import { createGateway, type Gateway } from './gateway.ts'
import { FakeProduct } from './product.suite.ts'
import { type Frames, SimulatedSocket, simulatedFraming } from './sockets.suite.ts'
import { createSeededRandom, SimulatedTime } from './time.suite.ts'

export const PARTY = '101'
export const QUIET = '102'
export const SECRET = '103'

interface Arrival {
  readonly token?: string | null
  readonly ticket?: string | null
  readonly address?: string
}

interface Hello {
  readonly device?: string
  /** Ids for interest `full`, or whole entries. */
  readonly channels?: readonly (string | Readonly<Record<string, unknown>>)[]
}

/** One node with simulated time, sockets and product. */
export class World {
  readonly time = new SimulatedTime()
  readonly bus = createMemoryBus()
  readonly product = new FakeProduct(() => this.time.now())
  readonly logged: { readonly level: string; readonly fields: LogFields; readonly text: string }[] =
    []
  readonly limits: Limits
  readonly gateway: Gateway<Frames>
  #devices = 0
  #requests = 0

  constructor(
    limits: Partial<Limits> = {},
    companionsOf: (world: World) => readonly Companion[] = () => [],
  ) {
    this.limits = { ...LIMITS, ...limits }
    this.gateway = createGateway<Frames>({
      operations: this.product,
      identities: this.product,
      streams: this.product,
      bus: this.bus,
      clock: this.time,
      timers: this.time,
      random: createSeededRandom(),
      log: this.#log(),
      framing: simulatedFraming,
      limits: this.limits,
      buckets: createTokenBuckets(this.time),
      companions: companionsOf(this),
      features: ['messages'],
    })
  }

  #log(): Log {
    const note = (level: string) => (fields: LogFields, text: string) => {
      this.logged.push({ level, fields, text })
    }
    return { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') }
  }

  /** A socket that has said nothing yet. */
  arrive({ token = null, ticket = null, address = '192.0.2.1' }: Arrival = {}): SimulatedSocket {
    const socket = new SimulatedSocket()
    socket.attach(this.gateway.accept(socket, { address, token, ticket }))
    return socket
  }

  /** A socket that has said hello; the welcome may wait for a read. */
  greet(token: string, { device, channels = [] }: Hello = {}): SimulatedSocket {
    const socket = this.arrive()
    socket.say({
      type: 'hello',
      protocol: 1,
      token,
      device: device ?? `d_${++this.#devices}`,
      channels: channels.map((entry) => (typeof entry === 'string' ? { id: entry } : entry)),
    })
    return socket
  }

  /** A welcomed connection that starts with an empty ear. */
  async connect(token: string, hello: Hello = {}): Promise<SimulatedSocket> {
    const socket = this.greet(token, hello)
    await this.time.settle()
    socket.forget()
    return socket
  }

  /** Sends a request; its answer comes with the frames. */
  ask(socket: SimulatedSocket, op: string, data: unknown): number {
    const id = ++this.#requests
    socket.say({ type: 'request', id, op, data })
    return id
  }

  async announce(...announcements: readonly Announcement[]): Promise<void> {
    for (const announcement of announcements) this.bus.publish(announcement)
    await this.time.settle()
  }

  get unexpected(): readonly unknown[] {
    return this.logged.filter(({ level }) => level === 'error')
  }
}

export const beat = (socket: SimulatedSocket) => socket.say({ type: 'heartbeat' })

/** Lets time pass for a client that answers. */
export async function live(world: World, socket: SimulatedSocket, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    await world.time.pass(1000)
    beat(socket)
  }
}
