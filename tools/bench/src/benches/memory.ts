import { setTimeout as sleep } from 'node:timers/promises'
import type { ArrivalWish } from '../crowd/crowd.ts'
import type { DialectWish } from '../crowd/dialects.ts'
import { NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import type { Ledger } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedTown } from '../store/people.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = {
  full: { clients: 10_000, channels: 5000, settleMs: 12_000, settings: 2 },
  smoke: { clients: 100, channels: 50, settleMs: 100, settings: 1 },
}
const CHANNELS_EACH = 50
const OURS = 'tertulia, in 50 channels'

interface Entrant {
  readonly name: string
  readonly script: string
  readonly dialect: DialectWish
}

const rooms = Array.from({ length: CHANNELS_EACH }, (_, nth) => `room-${nth}`)

const entrants: readonly Entrant[] = [
  { name: 'bare ws', script: 'peers/plainWs.ts', dialect: { kind: 'plain', path: '/member' } },
  {
    name: 'socket.io',
    script: 'peers/socketIo.ts',
    dialect: { kind: 'socket.io', auth: { verify: true } },
  },
  {
    name: 'socket.io, in 50 rooms',
    script: 'peers/socketIo.ts',
    dialect: { kind: 'socket.io', auth: { verify: true, rooms } },
  },
  {
    name: OURS,
    script: 'peers/tertulia.ts',
    dialect: { kind: 'tertulia', hello: {}, counts: 'nothing' },
  },
]

const SHIPPED = 'as shipped, young generation of 16 MB'

/**
 * V8 lets the young generation grow to 128 MB when many objects live on, which is what connecting looks like, and
 * keeps it. That is no cost of a connection: it does not grow with their number, and an option of Node bounds it,
 * which `npm start` and the command set.
 */
const heaps = [
  { label: SHIPPED, flags: ['--max-semi-space-size=16'] },
  { label: 'as Node starts by itself', flags: [] },
] as const

export const memory: Bench = {
  name: 'memory',
  measures:
    'Resident memory of the server process per idle connection, (RSS with all connections - RSS with none) / ' +
    'connections: as it is some seconds after the last handshake, and after a forced collection. Ours are ' +
    'authenticated, each of another user, who is in 50 of 5,000 channels and gets bumps of all of them.',
  targets: [
    { kind: 'figure', of: `${SHIPPED}: ${OURS}`, bound: { atMost: 14 } },
    { kind: 'figure', of: `${SHIPPED}: ${OURS}, collected`, bound: { atMost: 14 } },
  ],
  open,
}

async function open({ size, wanted }: Choices): Promise<Course> {
  const { settings, ...times } = sizes[size]
  const taking = entrants.filter(({ name }) => wanted(name))
  return {
    settings: { ...times, channelsEach: CHANNELS_EACH, pinning, limits: RAISED },
    async round(ledger) {
      for (const heap of heaps.slice(0, settings))
        for (const entrant of taking) await enter(ledger, entrant, { ...heap, ...times })
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Setting {
  readonly label: string
  readonly flags: readonly string[]
  readonly clients: number
  readonly channels: number
  readonly settleMs: number
}

/** A few clients come and go first, so that what is loaded once is not counted as theirs. */
const WARM_UP = 50

async function enter(ledger: Ledger, { name, script, dialect }: Entrant, setting: Setting) {
  const { label, flags, clients, channels, settleMs } = setting
  using folder = StoreFolder.temporary()
  if (dialect.kind === 'tertulia')
    await fillStore(folder, (db) =>
      seedTown(db, { users: clients, channels, channelsEach: CHANNELS_EACH }),
    )
  await using server = await NodeContestant.start({
    script,
    core: SERVER_CORE,
    args: [folder.path],
    flags,
  })
  await using crowd = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const arrive = (count: number) =>
    crowd.ask('arrive', {
      port: server.port,
      dialect,
      first: 0,
      count,
      atOnce: 50,
    } satisfies ArrivalWish)
  await arrive(WARM_UP)
  await crowd.ask('leave')
  await sleep(settleMs / 4)
  await server.peer.ask('collectGarbage')
  const before = await server.rss()
  const heapBefore = await server.peer.ask<number>('heap')
  await arrive(clients)
  await sleep(settleMs)
  const settled = await server.rss()
  await server.peer.ask('collectGarbage')
  const collected = await server.rss()
  const heapAfter = await server.peer.ask<number>('heap')
  await crowd.ask('check')
  const note = (what: string, bytes: number) =>
    ledger.note(`${label}: ${name}${what}`, 'KB per connection', bytes / clients / 1024)
  ledger.note(`${label}: ${name}, before anybody came`, 'MB', before / 2 ** 20)
  note('', settled - before)
  note(', collected', collected - before)
  note(', live objects alone', heapAfter - heapBefore)
}
