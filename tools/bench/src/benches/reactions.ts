import type { ArrivalWish } from '../crowd/crowd.ts'
import { NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedMessages } from '../store/messages.ts'
import { seedTown } from '../store/people.ts'
import type { ReactsWish } from '../store/reacting.ts'
import type { SendsTold } from '../store/sending.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = { full: { ms: 5000, warmUp: 2000 }, smoke: { ms: 150, warmUp: 50 } }
const town = { users: 40, channels: 2, channelsEach: 2 }
const MESSAGES = 10_000
const IN_FLIGHT = 8
const doors = ['WebSocket', 'in process'] as const
type Door = (typeof doors)[number]

export const reactions: Bench = {
  name: 'reactions',
  measures:
    'Durable, acknowledged reactions per second, added and taken back again by 40 people to 10,000 messages of one ' +
    'channel, each with 8 on their way: over one WebSocket each, and in process without any door.',
  targets: doors.map((door) => ({ kind: 'figure', of: door, bound: { atLeast: 3000 } }) as const),
  open,
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const { ms, warmUp } = sizes[size]
  return {
    settings: {
      ...town,
      messages: MESSAGES,
      ms,
      warmUp,
      inFlight: IN_FLIGHT,
      pinning,
      limits: RAISED,
    },
    async round(ledger) {
      for (const door of doors) {
        if (!wanted(door)) continue
        await quiet()
        await compete(ledger, { door, ms, warmUp })
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Contest {
  readonly door: Door
  readonly ms: number
  readonly warmUp: number
}

/** On a new store, so that nobody finds what another one has written. */
async function compete(ledger: Ledger, { door, ms, warmUp }: Contest): Promise<void> {
  using folder = StoreFolder.temporary()
  await fillStore(folder, (db) => {
    seedTown(db, town)
    seedMessages(db, { town, messages: 2 * MESSAGES })
  })
  await using server = await NodeContestant.start({
    script: 'peers/tertulia.ts',
    core: SERVER_CORE,
    args: [folder.path, '{}'],
  })
  await using crowd = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const dialect = { kind: 'tertulia', hello: {}, counts: 'nothing' } as const
  const arrival: ArrivalWish = {
    port: server.port,
    dialect,
    first: 0,
    count: town.users,
    atOnce: 10,
  }
  await crowd.ask('arrive', arrival)
  const source = door === 'WebSocket' ? crowd : server.peer
  const react = (forMs: number) =>
    source.ask<SendsTold>('reacts', {
      reactors: town.users,
      messages: MESSAGES,
      inFlight: IN_FLIGHT,
      ms: forMs,
    } satisfies ReactsWish)
  await react(warmUp)
  const before = await server.usage()
  const { acknowledged, seconds, latencies } = await react(ms)
  const after = await server.usage()
  ledger.note(door, 'reactions/s', acknowledged / seconds)
  ledger.note(`${door}, p50`, 'ms', percentile(latencies, 0.5))
  ledger.note(`${door}, p99`, 'ms', percentile(latencies, 0.99))
  const cpu = after.user + after.system - before.user - before.system
  ledger.note(`${door}, CPU`, 'us per reaction', (cpu / acknowledged) * 1e6)
}
