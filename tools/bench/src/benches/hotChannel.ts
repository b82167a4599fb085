import { Cluster } from '@tertulia/postgres'
import { migratePostgres, migrations } from '@tertulia/server/parts'
import { cpuOf } from '../processes/contestant.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import type { SendsTold, SendsWish } from '../store/sending.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = { full: { ms: 5000, warmUp: 2000 }, smoke: { ms: 100, warmUp: 20 } }
const WRITERS = 16
/** As an operator would set it for a machine of this size. */
const DATABASE = { autovacuum: 'on', shared_buffers: '1GB', max_wal_size: '4GB' }

/** The same server on the same database; one of them commits every message by itself. */
const contestants = [
  { name: 'batched, 1 on their way each', limits: {}, inFlight: 1 },
  { name: 'batched, 16 on their way each', limits: {}, inFlight: 16 },
  { name: 'one by one', limits: { writeBatchOperations: 1 }, inFlight: 1 },
]

export const hotChannel: Bench = {
  name: 'hotChannel',
  measures:
    'Durable messages per second of 16 writers in one channel on PostgreSQL, whose cluster is on the disk and flushes ' +
    'every commit, in process without any door. "One by one" is the same server with one message in a transaction.',
  targets: [
    {
      kind: 'ratio',
      of: 'batched, 16 on their way each',
      to: 'one by one',
      bound: { atLeast: 20 },
    },
  ],
  open,
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const times = sizes[size]
  return {
    settings: {
      writers: WRITERS,
      database: DATABASE,
      ...times,
      pinning: 'none: server and database share the cores',
      limits: RAISED,
    },
    async round(ledger) {
      for (const contestant of contestants) {
        if (!wanted(contestant.name)) continue
        await quiet()
        await compete(ledger, { ...contestant, ...times })
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Contest {
  readonly name: string
  readonly limits: object
  readonly inFlight: number
  readonly ms: number
  readonly warmUp: number
}

/** On a new database, so that nobody finds what another one has written. */
async function compete(ledger: Ledger, { name, limits, inFlight, ms, warmUp }: Contest) {
  await using cluster = await Cluster.start({ place: 'disk', settings: DATABASE })
  const url = cluster.url('postgres')
  await migratePostgres(url, migrations, 0)
  await using server = new Peer({
    script: 'peers/hotChannel.ts',
    core: null,
    args: [url, JSON.stringify(limits)],
  })
  const send = (forMs: number) =>
    server.ask<SendsTold>('sends', {
      senders: WRITERS,
      channels: 1,
      inFlight,
      ms: forMs,
    } satisfies SendsWish)
  await send(warmUp)
  let told: SendsTold = { acknowledged: 0, seconds: 0, latencies: [] }
  const cpu = await cpuOf({ usage: () => server.ask('usage') }, async () => {
    told = await send(ms)
  })
  ledger.note(name, 'messages/s', told.acknowledged / told.seconds)
  ledger.note(`${name}, p50`, 'ms', percentile(told.latencies, 0.5))
  ledger.note(`${name}, p99`, 'ms', percentile(told.latencies, 0.99))
  ledger.note(`${name}, CPU of the server`, 'us per message', (cpu / told.acknowledged) * 1e6)
}
