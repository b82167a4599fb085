import type { BlastTold, BlastWish } from '../crowd/blast.ts'
import type { ArrivalWish } from '../crowd/crowd.ts'
import type { DialectWish } from '../crowd/dialects.ts'
import type { TriggerWish } from '../crowd/triggers.ts'
import { payloadOf } from '../peers/payload.ts'
import { type Contestant, cpuOf, NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Floor } from '../processes/floor.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { channelId, seedTown } from '../store/people.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = {
  full: { rooms: [1000, 10_000], ms: 3000, deliveries: 300_000, warmUp: 2000 },
  smoke: { rooms: [20], ms: 50, deliveries: 0, warmUp: 10 },
}

/**
 * All contestants are asked for the same: so many deliveries at once, so many in a second. Whoever went on as soon as
 * it was done would be measured the warmer the less it does between two goes: what is in the caches of the CPU
 * halves the price of a write.
 */
const rhythms = [
  { burst: 1, usPerDelivery: 20 },
  { burst: 16, usPerDelivery: 8 },
]
const PAYLOAD = JSON.stringify(payloadOf(1))

const cell = (members: number, burst: number): string =>
  `${members} members, ${burst === 1 ? 'single' : `bursts of ${burst}`}`

const OURS = 'tertulia, message by key'

export const fanout: Bench = {
  name: 'fanout',
  measures:
    'CPU seconds of the server process per million deliveries in one room whose members all watch it (interest ' +
    'full), one message at a time and in bursts of 16, at the same rate for all. Ours ' +
    'are durable messages by API key over REST, by a user over WebSocket, and custom events, which are not stored.',
  targets: [1000, 10_000].flatMap((members) => [
    ratio(cell(members, 1), 'bare ws', 1.25),
    ratio(cell(members, 1), 'socket.io', 1),
    ratio(cell(members, 16), 'socket.io', members === 1000 ? 0.25 : 0.15),
  ]),
  open,
}

function ratio(name: string, to: string, atMost: number) {
  return { kind: 'ratio', of: `${name}: ${OURS}`, to: `${name}: ${to}`, bound: { atMost } } as const
}

/** How one kind of server is filled with members, and told to speak. */
interface Entrant {
  readonly name: string
  readonly start: (members: number) => Promise<Contestant | null>
  readonly dialect: DialectWish
  readonly trigger: TriggerWish
}

const watching = (counts: 'event' | 'custom'): DialectWish => ({
  kind: 'tertulia',
  counts,
  hello: { channels: [{ id: channelId(0), interest: 'full' }] },
})

const entrants: readonly Entrant[] = [
  {
    name: 'kernel floor',
    start: () => Floor.start(PAYLOAD),
    dialect: { kind: 'plain', path: '/member' },
    trigger: { kind: 'plain' },
  },
  {
    name: 'bare ws',
    start: () => NodeContestant.start({ script: 'peers/plainWs.ts', core: SERVER_CORE }),
    dialect: { kind: 'plain', path: '/member' },
    trigger: { kind: 'plain' },
  },
  {
    name: 'socket.io',
    start: () => NodeContestant.start({ script: 'peers/socketIo.ts', core: SERVER_CORE }),
    dialect: { kind: 'socket.io', auth: { rooms: ['room-0'] } },
    trigger: { kind: 'socket.io' },
  },
  {
    name: OURS,
    start: startOurs,
    dialect: watching('event'),
    trigger: { kind: 'rest', op: 'message.send' },
  },
  {
    name: 'tertulia, message by user',
    start: startOurs,
    dialect: watching('event'),
    trigger: { kind: 'socket', op: 'message.send' },
  },
  {
    name: 'tertulia, custom event',
    start: startOurs,
    dialect: watching('custom'),
    trigger: { kind: 'socket', op: 'event.send' },
  },
]

/** A store of its own, in which everybody is a member of the one channel, and one more who speaks. */
async function startOurs(members: number): Promise<Contestant> {
  await using all = new AsyncDisposableStack()
  const folder = all.use(StoreFolder.temporary())
  await fillStore(folder, (db) =>
    seedTown(db, { users: members + 1, channels: 1, channelsEach: 1 }),
  )
  const server = all.use(
    await NodeContestant.start({
      script: 'peers/tertulia.ts',
      core: SERVER_CORE,
      args: [folder.path],
    }),
  )
  const owned = all.move()
  return {
    port: server.port,
    usage: () => server.usage(),
    rss: () => server.rss(),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const taking = entrants.filter(({ name }) => wanted(name))
  const { rooms, ...times } = sizes[size]
  return {
    settings: {
      rooms,
      rhythms,
      ...times,
      payloadBytes: PAYLOAD.length,
      pinning,
      limits: RAISED,
    },
    async round(ledger) {
      for (const members of rooms)
        for (const entrant of taking) {
          await quiet()
          await enter(ledger, entrant, { members, ...times })
        }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Room {
  readonly members: number
  /** The window ends when both are over: the time, and so many deliveries. */
  readonly ms: number
  readonly deliveries: number
  readonly warmUp: number
}

async function enter(ledger: Ledger, { name, start, dialect, trigger }: Entrant, room: Room) {
  const { members, ms, deliveries, warmUp } = room
  await using server = await start(members)
  if (!server) return
  const { port } = server
  await using crowd = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  await crowd.ask('arrive', {
    port,
    dialect,
    first: 0,
    count: members,
    atOnce: 50,
  } satisfies ArrivalWish)
  const blast = (more: Pick<BlastWish, 'burst' | 'usPerDelivery' | 'ms' | 'deliveries'>) =>
    crowd.ask<BlastTold>('blast', { port, trigger, members, ...more } satisfies BlastWish)
  // Bursts without a pause make the most messages in a time, and so warm up best.
  await blast({ burst: 16, usPerDelivery: 0, ms: warmUp, deliveries: 0 })
  for (const { burst, usPerDelivery } of rhythms) {
    let told: BlastTold = { deliveries: 0, seconds: 0, goes: [] }
    const cpu = await cpuOf(server, async () => {
      told = await blast({ burst, usPerDelivery, ms, deliveries })
    })
    const figure = `${cell(members, burst)}: ${name}`
    ledger.note(figure, 'CPU s per million deliveries', (cpu / told.deliveries) * 1e6)
    ledger.note(`${figure}, rate`, 'deliveries/s', told.deliveries / told.seconds)
    ledger.note(`${figure}, go p50`, 'ms', percentile(told.goes, 0.5))
  }
}
