import type { Limits } from '@tertulia/protocol'
import type { TokenBuckets } from '../kernel/tokenBuckets.ts'
import type { Bus } from '../ports/bus.ts'
import type { Clock, Random, Timers } from '../ports/clock.ts'
import type { Companion } from '../ports/companion.ts'
import type { Log } from '../ports/log.ts'
import type { Identities, Operations, StreamReader } from '../ports/product.ts'
import type { Caller, Framing, Socket, SocketEvents } from '../ports/socket.ts'
import { AccessTurns } from './access.ts'
import { Admission, type Admitted } from './admission.ts'
import { receive } from './announcements.ts'
import { audienceOf } from './audience.ts'
import { checkBump } from './bumps.ts'
import type { Bytes } from './bytes.ts'
import { check } from './checks.ts'
import { abort, close, terminate, wasClosed } from './closing.ts'
import { Connection, type Receiver } from './connection.ts'
import { drainConnections } from './drain.ts'
import { fail } from './failures.ts'
import { Fanout } from './fanout.ts'
import { Gates } from './gates.ts'
import type { Hub } from './hub.ts'
import { Hubs } from './hubs.ts'
import { takePing, takeText } from './inbound.ts'
import { leave } from './leaving.ts'
import { type Loop, monotonic, type Tally } from './loop.ts'
import { Motions } from './motions.ts'
import { People } from './people.ts'
import { Disconnects } from './revocation.ts'
import { observeProgress, observeWrite } from './slowReader.ts'
import { Wheel } from './wheel.ts'

export interface GatewayOptions<Transport> {
  readonly operations: Operations
  readonly identities: Identities
  readonly streams: StreamReader
  readonly bus: Bus
  readonly clock: Clock
  readonly random: Random
  readonly timers: Timers
  readonly log: Log
  readonly framing: Framing<Transport>
  readonly limits: Limits
  /** The buckets of the operations: what only a connection can do is taken from the same ones. */
  readonly buckets: TokenBuckets
  readonly companions: readonly Companion[]
  /** Names for `welcome.features`. */
  readonly features: readonly string[]
}

export interface Counts extends Readonly<Tally> {
  readonly connections: number
  /** Of these without a proven identity. */
  readonly unproven: number
  /** Closed by the server, and not yet gone. */
  readonly closing: number
  readonly users: number
  readonly hubs: number
  readonly writes: number
}

/** All connections of this node, whatever carries them. */
export interface Gateway<Transport> {
  /** Whether one more may come in. Transports ask once per connection, before they answer its handshake. */
  admit(address: string): Admitted
  /** Takes a connection in. The transport tells what happens to it through the events. */
  accept(socket: Socket<Transport>, caller: Caller): SocketEvents
  /** Lets nobody in any more and ends all connections. Resolves within `budgetMs`. */
  drain(budgetMs: number): Promise<void>
  /** Cuts everything off at once and stops the timers. */
  closeAll(): void
  counts(): Counts
}

export function createGateway<Transport>(options: GatewayOptions<Transport>): Gateway<Transport> {
  const loop = createLoop(options)
  const receiver = receiverOf(loop)
  let drained: Promise<void> | null = null
  options.bus.subscribe((announcement) => receive(loop, announcement))
  for (const companion of options.companions) companion.meet(audienceOf(loop))
  return {
    admit: (address) => loop.admission.admit(address),
    accept: (socket, caller) =>
      // The loop hands the bytes of this transport back to its own sockets only; see `Bytes`.
      accept(loop, receiver, { socket: socket as unknown as Socket<Bytes>, caller }),
    drain(budgetMs) {
      drained ??= drainConnections(loop, budgetMs)
      return drained
    },
    closeAll() {
      for (const connection of [...loop.connections]) terminate(loop, connection)
      loop.checks.stop()
      loop.bumps.stop()
      for (const companion of loop.companions) companion.stop?.()
    },
    counts: () => ({
      ...loop.tally,
      connections: loop.connections.size,
      unproven: loop.admission.unproven,
      closing: loop.closing.size,
      users: loop.people.size,
      hubs: loop.hubs.size,
      writes: loop.fanout.writes,
    }),
  }
}

function createLoop<Transport>(options: GatewayOptions<Transport>): Loop {
  const { clock, timers, limits, buckets, random, framing, companions, ...product } = options
  const now = () => monotonic(clock)
  const checks = new Wheel<Connection>({
    timers,
    now,
    run: (connection, at) => guarded(loop, connection, () => check(loop, connection, at)),
  })
  const bumps = new Wheel<Hub>({ timers, now, run: (hub, at) => runBump(loop, hub, at) })
  const loop: Loop = {
    ...product,
    clock,
    timers,
    limits,
    buckets,
    random,
    framing: framing as unknown as Framing<Bytes>,
    companions,
    signals: new Map(companions.flatMap(({ signals }) => Object.entries(signals))),
    answerings: new Map(companions.flatMap(({ operations = {} }) => Object.entries(operations))),
    connections: new Set(),
    closing: new Set(),
    admission: new Admission({ limits, buckets, random }),
    people: new People(limits.socketsPerUser),
    hubs: new Hubs({
      listInterests: limits.listInterests,
      ended: (hub) => bumps.remove(hub),
      moved(hub) {
        for (const companion of companions) companion.moved?.(hub.name)
      },
    }),
    motions: new Motions(limits.joiningFrames),
    accessTurns: new AccessTurns(limits.accessKept),
    gates: new Gates(limits.accessKept),
    disconnects: new Disconnects(limits.accessKept),
    fanout: new Fanout({
      framing: framing as unknown as Framing<Bytes>,
      timers,
      now,
      turnBytes: limits.dropEphemeralBytes,
      behind: (connection, size) => observeWrite(loop, connection, size),
      failed(connection, error) {
        options.log.error({ connection: connection.id, err: error }, 'write failed')
        abort(loop, connection)
      },
    }),
    checks,
    bumps,
    tally: { deliveries: 0, bumps: 0, omitted: 0, dropped: 0, lagging: 0, gaps: 0, tooSlow: 0 },
    drain: null,
  }
  return loop
}

/** What a transport calls must not throw into it: it would take the process down, and with it all the others. */
const receiverOf = (loop: Loop): Receiver => ({
  text: (connection, text) => takeText(loop, connection, text),
  binary: (connection) => guarded(loop, connection, () => close(loop, connection, 1003)),
  pinged: (connection) => takePing(loop, connection),
  drained: (connection) => guarded(loop, connection, () => observeProgress(loop, connection)),
  closed: (connection, code) => guarded(loop, connection, () => wasClosed(loop, connection, code)),
})

function guarded(loop: Loop, connection: Connection, run: () => void): void {
  try {
    run()
  } catch (error) {
    fail(loop, connection, error)
  }
}

function runBump(loop: Loop, hub: Hub, now: number): void {
  try {
    checkBump(loop, hub, now)
  } catch (error) {
    loop.log.error({ channel: hub.name, err: error }, 'bump failed')
  }
}

const JITTER = 0.1

function accept(
  loop: Loop,
  receiver: Receiver,
  { socket, caller }: { readonly socket: Socket<Bytes>; readonly caller: Caller },
): Connection {
  const { random, limits, fanout, clock } = loop
  const now = monotonic(clock)
  const id = `c_${Buffer.from(random.bytes(9)).toString('base64url')}`
  const connection = new Connection({ id, socket, receiver, caller, root: fanout.root, now })
  const jitter = 1 - JITTER + 2 * JITTER * random.fraction()
  connection.beatEvery = Math.round(limits.heartbeatMs * jitter)
  loop.connections.add(connection)
  loop.admission.entered(connection)
  loop.checks.put(connection, now + limits.helloMs)
  if (loop.drain) leave(loop, connection)
  return connection
}
