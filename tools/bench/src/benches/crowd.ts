import type { ArrivalWish } from '../crowd/crowd.ts'
import type { DeliveriesTold, DeliveriesWish, PlainDeliveriesWish } from '../crowd/deliveries.ts'
import type { DialectWish } from '../crowd/dialects.ts'
import { NodeContestant } from '../processes/contestant.ts'
import { CROWD_CORE, pinning, SERVER_CORE } from '../processes/cores.ts'
import { Peer } from '../processes/peer.ts'
import type { Bench, Choices, Course } from '../run/bench.ts'
import { type Ledger, percentile } from '../run/figures.ts'
import { fillStore } from '../store/fill.ts'
import { StoreFolder } from '../store/folder.ts'
import { seedMessages } from '../store/messages.ts'
import { channelId, seedTown } from '../store/people.ts'
import { RAISED } from '../store/unlimited.ts'

const sizes = { full: { members: 2000, ms: 20_000 }, smoke: { members: 20, ms: 500 } }
const PROBES = 10
const PER_SECOND = 20
const REACTIONS = { perSecond: 200, messages: 10 }
/** Another channel, in which few people talk. */
const ASIDE = { channel: 1, probes: 5, perSecond: 5 }
const SETTLE_MS = 2000

const CROWDED = 'busy channel'
const FLOOR = 'bare ws'

export const crowd: Bench = {
  name: 'crowd',
  measures:
    'ms until a message came to the members of a channel of 2,000 online members, with 20 messages and 200 reactions ' +
    'a second, the latter to ten messages; the same with 20 frames a second of bare ws; and what that does to messages ' +
    'of another channel on the same server. The 99th percentile over ten of the members.',
  targets: [
    { kind: 'figure', of: `${CROWDED}, above ${FLOOR}`, bound: { atMost: 1000 } },
    { kind: 'figure', of: `${CROWDED}, what another channel waits longer`, bound: { atMost: 100 } },
  ],
  open,
}

async function open({ size, wanted, quiet }: Choices): Promise<Course> {
  const times = sizes[size]
  return {
    settings: {
      ...times,
      probes: PROBES,
      perSecond: PER_SECOND,
      reactions: REACTIONS,
      aside: ASIDE,
      settleMs: SETTLE_MS,
      pinning,
      limits: RAISED,
    },
    async round(ledger) {
      await quiet()
      const floor = wanted(FLOOR) ? await measureFloor(ledger, times) : null
      await quiet()
      if (wanted(CROWDED)) await measureCrowd(ledger, times, floor)
    },
    async [Symbol.asyncDispose]() {},
  }
}

interface Times {
  readonly members: number
  readonly ms: number
}

function note(ledger: Ledger, name: string, times: readonly number[]): number {
  const p99 = percentile(times, 0.99)
  ledger.note(`${name}, p50`, 'ms', percentile(times, 0.5))
  ledger.note(`${name}, p99`, 'ms', p99)
  return p99
}

const arrive = (peer: Peer, wish: Omit<ArrivalWish, 'atOnce'>) =>
  peer.ask('arrive', { ...wish, atOnce: 50 } satisfies ArrivalWish)

async function measureFloor(ledger: Ledger, { members, ms }: Times): Promise<number> {
  await using server = await NodeContestant.start({
    script: 'peers/plainWs.ts',
    core: SERVER_CORE,
  })
  await using peer = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const { port } = server
  const dialect: DialectWish = { kind: 'plain', path: '/member' }
  await arrive(peer, { port, dialect, first: 0, count: members - PROBES })
  const times = await peer.ask<number[]>('plainDeliveries', {
    port,
    ms,
    settleMs: SETTLE_MS,
    probes: PROBES,
    perSecond: PER_SECOND,
  } satisfies PlainDeliveriesWish)
  return note(ledger, FLOOR, times)
}

/** Everybody is a member of both channels, and watches the busy one. */
async function measureCrowd(ledger: Ledger, { members, ms }: Times, floor: number | null) {
  using folder = StoreFolder.temporary()
  const town = { users: members + ASIDE.probes, channels: 2, channelsEach: 2 }
  await fillStore(folder, (db) => {
    seedTown(db, town)
    seedMessages(db, { town, messages: 2 * REACTIONS.messages })
  })
  await using server = await NodeContestant.start({
    script: 'peers/tertulia.ts',
    core: SERVER_CORE,
    args: [folder.path],
  })
  await using peer = new Peer({ script: 'crowd/main.ts', core: CROWD_CORE })
  const { port } = server
  const hello = { channels: [{ id: channelId(0), interest: 'full' }] }
  const dialect: DialectWish = { kind: 'tertulia', counts: 'event', hello }
  const aside = { ...ASIDE, firstProbe: members }
  const deliveries = (talks: DeliveriesWish['talks'], reactions: DeliveriesWish['reactions']) =>
    peer.ask<DeliveriesTold>('deliveries', {
      port,
      ms,
      settleMs: SETTLE_MS,
      talks,
      reactions,
    } satisfies DeliveriesWish)

  await arrive(peer, { port, dialect, first: 0, count: members - PROBES })
  const [alone = []] = await deliveries([aside], null)
  const busy = { channel: 0, firstProbe: members - PROBES, probes: PROBES, perSecond: PER_SECOND }
  const [crowded = [], beside = []] = await deliveries([busy, aside], {
    ...REACTIONS,
    users: members,
  })
  const p99 = note(ledger, CROWDED, crowded)
  const longer = note(ledger, 'other channel, beside it', beside)
  const before = note(ledger, 'other channel, alone', alone)
  ledger.note(`${CROWDED}, what another channel waits longer`, 'ms', longer - before)
  if (floor !== null) ledger.note(`${CROWDED}, above ${FLOOR}`, 'ms', p99 - floor)
}
