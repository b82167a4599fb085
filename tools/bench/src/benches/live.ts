import type { ArrivalWish } from '../crowd/crowd.ts'
import type { FlowTold, FlowWish } from '../crowd/flow.ts'
import { cpuOf, NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import type { Ledger } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { channelId, seedTown } from '../store/people.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = {
  full: { viewers: 2000, ms: 20_000, warmUp: 5000 },
  smoke: { viewers: 20, ms: 800, warmUp: 200 },
}
const PER_SECOND = 25
const AUTHORS = 50
/** A window, and some time. */
const SETTLE_MS = 500

/** Nobody is a member of the one; everybody is of the other. */
const kinds = [
  {
    name: 'live channel',
    counts: 'events',
    sql: `UPDATE channels SET type = 'live', member_count = 0;
      DELETE FROM members; DELETE FROM memberships`,
  },
  { name: 'group channel', counts: 'event', sql: '' },
] as const
type Kind = (typeof kinds)[number]

export const live: Bench = {
  name: 'live',
  measures:
    'CPU of the server for one viewer and second: 2,000 people watch a channel (interest full), into which 50 others ' +
    'write 25 messages a second. In a live channel nobody of them is a member, and they are told in windows, of ' +
    'which each holds a part; in a group all are members, and each message is told by itself.',
  targets: [{ kind: 'ratio', of: 'live channel', to: 'group channel', bound: { atMost: 0.25 } }],
  open,
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const times = sizes[size]
  return {
    settings: {
      ...times,
      perSecond: PER_SECOND,
      authors: AUTHORS,
      settleMs: SETTLE_MS,
      pinning,
      limits: RAISED,
    },
    async round(ledger) {
      for (const kind of kinds) {
        if (!wanted(kind.name)) continue
        await quiet()
        await watch(ledger, kind, times)
      }
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Times {
  readonly viewers: number
  readonly ms: number
  readonly warmUp: number
}

async function watch(ledger: Ledger, kind: Kind, { viewers, ms, warmUp }: Times): Promise<void> {
  using folder = StoreFolder.temporary()
  await fillStore(folder, (db) => {
    seedTown(db, { users: viewers + AUTHORS, channels: 1, channelsEach: 1 })
    db.exec(kind.sql)
  })
  await using server = await NodeContestant.start({
    script: 'peers/tertulia.ts',
    core: SERVER_CORE,
    args: [folder.path],
  })
  const { port } = server
  await using crowd = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const hello = { channels: [{ id: channelId(0), interest: 'full' }] }
  await crowd.ask('arrive', {
    port,
    dialect: { kind: 'tertulia', counts: kind.counts, hello },
    first: 0,
    count: viewers,
    atOnce: 50,
  } satisfies ArrivalWish)
  const flow = (forMs: number) =>
    crowd.ask<FlowTold>('flow', {
      port,
      firstAuthor: viewers,
      authors: AUTHORS,
      perSecond: PER_SECOND,
      ms: forMs,
      settleMs: SETTLE_MS,
    } satisfies FlowWish)
  await flow(warmUp)
  let told: FlowTold = { messages: 0, frames: 0, seconds: 0 }
  const cpu = await cpuOf(server, async () => {
    told = await flow(ms)
  })
  refuseTooFew(kind, told, viewers)
  ledger.note(kind.name, 'CPU us per viewer and second', (cpu / viewers / told.seconds) * 1e6)
  ledger.note(`${kind.name}, frames`, 'per viewer and second', told.frames / viewers / told.seconds)
}

/** A server that tells nothing would be the cheapest. */
function refuseTooFew(
  { name, counts }: Kind,
  { messages, frames, seconds }: FlowTold,
  viewers: number,
) {
  const least = counts === 'event' ? messages : Math.floor(seconds)
  if (frames < least * viewers)
    throw new Error(
      `${name}: ${frames} frames reached ${viewers} viewers, of ${messages} messages.`,
    )
}
