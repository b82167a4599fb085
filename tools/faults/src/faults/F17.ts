import type { Person } from '../client/person.ts'
import { readMetric } from '../scene/metrics.ts'
import { openScene, type Scene, type StoreKind } from '../scene/scene.ts'
import type { Break } from '../server/breaks.ts'
import { comes, now, pause } from '../waiting.ts'
import { p99, startCalmTalk } from './calmTalk.ts'
import { type Flood, floodUntil, watchGrowth } from './flood.ts'
import { type Report, unless } from './report.ts'
import { judge } from './summary.ts'

export interface F17Options {
  readonly seed: number
  readonly sockets: number
  /** Of these stop reading. */
  readonly slow: number
  /** A slow reader is told of its gaps or closed within so much time. */
  readonly withinMs: number
  readonly broken?: Break
  readonly store?: StoreKind
}

export const F17 = {
  short: { sockets: 100, slow: 5, withinMs: 30_000 },
  long: { sockets: 1_000, slow: 50, withinMs: 30_000 },
}

const PEOPLE_OF_A_CHANNEL = 10
const CALM_PER_SECOND = 20
const BASE_MS = 3_000
/** Big messages sent and read before, so that growth is not the store filling its page caches. */
const WARM_UP = 2_000
/** More than the network between the two takes; where nobody falls behind by then, nobody will. */
const MOST_FLOOD = 1_500
/** What each of them missed comes in one answer, so many at once would be another fault. */
const MOST_NAPPERS = 5
/** Those who only nap read on so long after they fell behind. */
const NAP_MS = 2_000
/** Big messages that everybody who is behind misses for certain. */
const MISSED = 20
const MOST_GROWTH_MIB = 64
/** Delivery to all others meanwhile, on a machine that is busy with other things too. */
const MOST_DELAY_MS = 1_000

/** Some sockets stop reading while their channel is flooded: most of them for good, some for a while. */
export async function runF17({
  seed,
  sockets,
  slow,
  withinMs,
  broken,
  store = 'sqlite',
}: F17Options): Promise<Report> {
  const inFlood = slow + 2
  await using scene = await openFloodScene({
    seed,
    sockets,
    inFlood,
    store,
    broken: broken ?? null,
  })
  const [loud] = scene.senders.slice(slow)
  const [channel] = scene.channels.slice(-1)
  if (!loud || !channel) throw new RangeError('There is nobody left to flood.')
  const flood = { sender: loud, channel }
  const growth = watchGrowth(scene.supervisor.process)
  const talk = startCalmTalk(scene, { perSecond: CALM_PER_SECOND, silent: inFlood })
  await floodUntil(flood, (sent) => sent >= WARM_UP)
  talk.takeDelays()
  await pause(BASE_MS)
  const base = talk.takeDelays()

  const sleepers = scene.people.slice(0, slow - Math.min(MOST_NAPPERS, Math.floor(slow / 2)))
  const nappers = scene.people.slice(sleepers.length, slow)
  growth.trouble()
  const stall = await stallReaders(scene, { flood, sleepers, nappers, withinMs })
  const during = talk.takeDelays()
  const growthMib = Math.round(await growth.stop())
  for (const sleeper of sleepers) sleeper.connection?.readOn()
  const { missed, delivered } = await talk.stop()

  const { violations, figures } = await judge(scene)
  const disturbed = scene.people.slice(sleepers.length).filter(({ endings }) => endings.length > 0)
  const { faults, ...stallFigures } = stall
  return {
    fault: 'F17',
    figures: {
      ...figures,
      ...stallFigures,
      growthMib,
      delivered,
      baseP99: p99(base),
      duringP99: p99(during),
    },
    violations: [
      ...violations,
      ...faults,
      ...unless(
        disturbed.length === 0,
        `${disturbed.length} who read, or read on in time, lost their connection`,
      ),
      ...unless(missed === 0, `${missed} messages did not reach others live`),
      ...unless(p99(during) <= MOST_DELAY_MS, `others waited ${p99(during)} ms for their messages`),
      ...unless(growthMib <= MOST_GROWTH_MIB, `the server grew by ${growthMib} MiB`),
    ],
  }
}

interface FloodScene {
  readonly seed: number
  readonly sockets: number
  readonly inFlood: number
  readonly broken: Break | null
  readonly store: StoreKind
}

/** Everybody is in a calm channel; the first ones share the last channel, which is flooded. */
async function openFloodScene({
  seed,
  sockets,
  inFlood,
  store,
  broken,
}: FloodScene): Promise<Scene> {
  const calm = Math.ceil(sockets / PEOPLE_OF_A_CHANNEL)
  const scene = await openScene({
    seed,
    people: sockets,
    channels: calm + 1,
    seats: (person) => [person % calm, ...(person < inFlood ? [calm] : [])],
    store,
    server: { kind: 'entry', broken },
  })
  await scene.connect()
  return scene
}

interface Stall {
  readonly flood: Flood
  readonly sleepers: readonly Person[]
  readonly nappers: readonly Person[]
  readonly withinMs: number
}

/** Stops reading, floods, lets the nappers read on, and waits for what the server does about all of them. */
async function stallReaders({ port }: Scene, { flood, sleepers, nappers, withinMs }: Stall) {
  const reaches = async (metric: string, least: number) => (await readMetric(port, metric)) >= least
  const told = new Set<Person>()
  for (const napper of nappers) napper.onGap = () => told.add(napper)
  const slow = [...sleepers, ...nappers]
  for (const person of slow) person.connection?.stopReading()
  const stoppedAt = now()
  const leftMs = () => Math.max(0, stoppedAt + withinMs - now())
  await floodUntil(
    flood,
    async (sent) => sent >= MOST_FLOOD || (await reaches('lagging_total', slow.length)),
  )
  const laggingMs = Math.round(now() - stoppedAt)
  await floodUntil(flood, (sent) => sent >= MISSED)
  await pause(NAP_MS)
  for (const napper of nappers) napper.connection?.readOn()
  const toldAll = await comes(() => told.size === nappers.length, leftMs())
  const closedAll = await comes(() => reaches('too_slow_total', sleepers.length), leftMs())
  return {
    laggingMs,
    closedMs: Math.round(now() - stoppedAt),
    told: told.size,
    faults: [
      ...unless(
        toldAll,
        `${nappers.length} slow readers read on, and only ${told.size} were told of their gaps`,
      ),
      ...unless(closedAll, `who stopped reading was not closed with 4020 within ${withinMs} ms`),
    ],
  }
}
