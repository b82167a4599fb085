import type { ArrivalWish } from '../crowd/crowd.ts'
import { NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedTown } from '../store/people.ts'
import type { SendsTold, SendsWish } from '../store/sending.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = { full: { ms: 5000, warmUp: 2000 }, smoke: { ms: 150, warmUp: 50 } }
const town = { users: 40, channels: 50, channelsEach: 50 }
const IN_FLIGHT = [1, 8]

/** The same server; one of the two commits every message by itself. */
const contestants = [
  { name: 'batched', limits: {} },
  { name: 'one by one', limits: { writeBatchOperations: 1 } },
]

const figure = (door: Door, inFlight: number, name: string): string =>
  `${door}, ${inFlight} on their way each, ${name}`

export const sends: Bench = {
  name: 'sends',
  measures:
    'Durable, acknowledged messages per second of 40 senders in 50 channels, each sender with 1 or 8 sends on their ' +
    'way: over one WebSocket per sender, and in process without any door. "One by one" is the same server with one ' +
    'operation in a transaction.',
  targets: IN_FLIGHT.flatMap((inFlight) => [
    {
      kind: 'ratio',
      of: figure('WebSocket', inFlight, 'batched'),
      to: figure('WebSocket', inFlight, 'one by one'),
      bound: { atLeast: 3 },
    } as const,
    {
      kind: 'figure',
      of: figure('WebSocket', inFlight, 'batched'),
      bound: { atLeast: 2500 },
    } as const,
  ]),
  open,
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const { ms, warmUp } = sizes[size]
  return {
    settings: { ...town, ms, warmUp, inFlight: IN_FLIGHT, pinning, limits: RAISED },
    async round(ledger) {
      for (const door of doors)
        for (const inFlight of IN_FLIGHT)
          for (const contestant of contestants) {
            const name = figure(door, inFlight, contestant.name)
            if (!wanted(name)) continue
            await quiet()
            await compete(ledger, { ...contestant, name, door, inFlight, ms, warmUp })
          }
    },
    async [Symbol.asyncDispose]() {},
  }
}

type Door = (typeof doors)[number]
const doors = ['WebSocket', 'in process'] as const

interface Contest {
  readonly name: string
  readonly limits: object
  readonly door: Door
  readonly inFlight: number
  readonly ms: number
  readonly warmUp: number
}

/** On a new store, so that nobody finds what another one has written. */
async function compete(
  ledger: Ledger,
  { name, limits, door, inFlight, ms, warmUp }: Contest,
): Promise<void> {
  using folder = StoreFolder.temporary()
  await fillStore(folder, (db) => seedTown(db, town))
  const args = [folder.path, JSON.stringify(limits)]
  await using server = await NodeContestant.start({
    script: 'peers/tertulia.ts',
    core: SERVER_CORE,
    args,
  })
  await using crowd = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const dialect = { kind: 'tertulia', hello: {}, counts: 'nothing' } as const
  await crowd.ask('arrive', {
    port: server.port,
    dialect,
    first: 0,
    count: town.users,
    atOnce: 10,
  } satisfies ArrivalWish)
  const source = door === 'WebSocket' ? crowd : server.peer
  const send = (forMs: number) =>
    source.ask<SendsTold>('sends', {
      senders: town.users,
      channels: town.channels,
      inFlight,
      ms: forMs,
    } satisfies SendsWish)
  await send(warmUp)
  const before = await server.usage()
  const { acknowledged, seconds, latencies } = await send(ms)
  const after = await server.usage()
  ledger.note(name, 'messages/s', acknowledged / seconds)
  ledger.note(`${name}, p50`, 'ms', percentile(latencies, 0.5))
  ledger.note(`${name}, p99`, 'ms', percentile(latencies, 0.99))
  const cpu = after.user + after.system - before.user - before.system
  ledger.note(`${name}, CPU`, 'us per message', (cpu / acknowledged) * 1e6)
}
