import type { ArrivalWish } from '../crowd/crowd.ts'
import type { DialectWish } from '../crowd/dialects.ts'
import { type Contestant, cpuOf, NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import type { Ledger } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedTown, type Town } from '../store/people.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = {
  full: { clients: 8000, warmUp: 2000 },
  smoke: { clients: 40, warmUp: 20 },
}
const AT_ONCE = 64

interface Entrant {
  readonly name: string
  readonly dialect: DialectWish
  /** For ours: in how many channels each user is. Null for peers. */
  readonly channelsEach: number | null
  readonly script: string
}

const rooms = Array.from({ length: 50 }, (_, nth) => `room-${nth}`)
const hello = (more: object = {}): DialectWish => ({
  kind: 'tertulia',
  counts: 'nothing',
  hello: { ...more },
})

const entrants: readonly Entrant[] = [
  {
    name: 'bare ws, no identity',
    script: 'peers/plainWs.ts',
    channelsEach: null,
    dialect: { kind: 'plain', path: '/member' },
  },
  {
    name: 'socket.io, JWT',
    script: 'peers/socketIo.ts',
    channelsEach: null,
    dialect: { kind: 'socket.io', auth: { verify: true } },
  },
  {
    name: 'socket.io, JWT, into 50 rooms',
    script: 'peers/socketIo.ts',
    channelsEach: null,
    dialect: { kind: 'socket.io', auth: { verify: true, rooms } },
  },
  {
    name: 'tertulia, in no channel',
    script: 'peers/tertulia.ts',
    channelsEach: 0,
    dialect: hello(),
  },
  {
    name: 'tertulia, in 50 channels',
    script: 'peers/tertulia.ts',
    channelsEach: 50,
    dialect: hello(),
  },
  {
    name: 'tertulia, in 50 channels, first start',
    script: 'peers/tertulia.ts',
    channelsEach: 50,
    dialect: hello({ user: null }),
  },
]

const perCore = (name: string): string => `${name}, per core`

export const handshakes: Bench = {
  name: 'handshakes',
  measures:
    'Server CPU of one authenticated handshake of a user who was never seen before by this process: connection, ' +
    'upgrade, hello with a token, welcome; and how many of them one core could do in a second by that. The hello ' +
    'names no cursors, except "first start", which asks for the whole list of channels.',
  targets: [
    { kind: 'figure', of: perCore('tertulia, in no channel'), bound: { atLeast: 2000 } },
    { kind: 'figure', of: perCore('tertulia, in 50 channels'), bound: { atLeast: 2000 } },
    {
      kind: 'ratio',
      of: perCore('tertulia, in no channel'),
      to: perCore('socket.io, JWT'),
      bound: { atLeast: 1 },
    },
    {
      kind: 'ratio',
      of: perCore('tertulia, in 50 channels'),
      to: perCore('socket.io, JWT, into 50 rooms'),
      bound: { atLeast: 1 },
    },
  ],
  open,
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const counts = sizes[size]
  const taking = entrants.filter(({ name }) => wanted(name))
  return {
    settings: { ...counts, atOnce: AT_ONCE, pinning, limits: RAISED },
    async round(ledger) {
      for (const entrant of taking) {
        await quiet()
        await enter(ledger, entrant, counts)
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Counts {
  readonly clients: number
  readonly warmUp: number
}

async function enter(
  ledger: Ledger,
  { name, script, channelsEach, dialect }: Entrant,
  { clients, warmUp }: Counts,
) {
  using folder = StoreFolder.temporary()
  if (channelsEach !== null)
    await fillStore(folder, (db) => seedTown(db, townOf(clients + warmUp, channelsEach)))
  await using server: Contestant = await NodeContestant.start({
    script,
    core: SERVER_CORE,
    args: [folder.path],
  })
  await using crowd = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const arrive = (first: number, count: number) =>
    crowd.ask<number>('arrive', {
      port: server.port,
      dialect,
      first,
      count,
      atOnce: AT_ONCE,
    } satisfies ArrivalWish)
  await arrive(0, warmUp)
  let seconds = 0
  const cpu = await cpuOf(server, async () => {
    seconds = await arrive(warmUp, clients)
  })
  ledger.note(name, 'CPU us per handshake', (cpu / clients) * 1e6)
  ledger.note(perCore(name), 'handshakes/s', clients / cpu)
  ledger.note(`${name}, observed`, 'handshakes/s', clients / seconds)
}

/** A hundred members in each channel, as far as there are channels. */
const townOf = (users: number, channelsEach: number): Town => ({
  users,
  channels: Math.max(1, channelsEach, Math.floor((users * channelsEach) / 100)),
  channelsEach,
})
