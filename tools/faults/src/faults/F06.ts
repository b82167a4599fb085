import type { Ending } from '../client/connection.ts'
import { sendSteadily } from '../scene/load.ts'
import { evenSeats, openScene, type Scene, type StoreKind } from '../scene/scene.ts'
import type { Break } from '../server/breaks.ts'
import { now, pause, until } from '../waiting.ts'
import { type Report, unless } from './report.ts'
import { judge } from './summary.ts'

export interface F06Options {
  readonly seed: number
  readonly sockets: number
  readonly sendsPerSecond: number
  readonly broken?: Break
  readonly store?: StoreKind
}

export const F06 = {
  short: { sockets: 200, sendsPerSecond: 60 },
  long: { sockets: 1_000, sendsPerSecond: 300 },
}

const PEOPLE_OF_A_CHANNEL = 10
/** The load before the signal and after the restart. */
const AROUND_MS = 1_500
/** The budget of `tertulia start` by default. */
const BUDGET_MS = 30_000
/** The shortest reconnect window, less the last slice and what a busy machine shifts. */
const SPREAD_MS = 8_000
/** Of all closes, in any one second of that window. */
const MOST_PER_SECOND = 0.2
/** A request that was on its way this long before the server said bye had arrived: it must have been answered. */
const ARRIVED_MS = 1_000

/** Ends `tertulia start` with SIGTERM under load; it is started again when it has ended. */
export async function runF06({
  seed,
  sockets,
  sendsPerSecond,
  broken,
  store = 'sqlite',
}: F06Options): Promise<Report> {
  const channels = Math.ceil(sockets / PEOPLE_OF_A_CHANNEL)
  await using scene = await openScene({
    seed,
    people: sockets,
    channels,
    seats: evenSeats(channels, 1),
    store,
    server: broken ? { kind: 'entry', broken } : { kind: 'product' },
  })
  await scene.connect()
  const load = sendSteadily(scene, sendsPerSecond)
  await pause(AROUND_MS)
  const { process } = scene.supervisor
  const signalledAt = now()
  process.signal('SIGTERM')
  const { code } = await process.exited
  const drainMs = process.exitedAt - signalledAt
  await scene.supervisor.replaced(process)
  await scene.allWelcome()
  await pause(AROUND_MS)
  await load.stop()
  const { violations, figures } = await judge(scene)
  const endings = endingsSince(scene, signalledAt)
  return {
    fault: 'F06',
    figures: { ...figures, ...spreadOf(endings), drainMs: Math.round(drainMs) },
    violations: [
      ...violations,
      ...unless(code === 0, `the server ended with ${code} instead of 0`),
      ...unless(
        drainMs <= BUDGET_MS,
        `the server took ${Math.round(drainMs)} ms, which is beyond its budget`,
      ),
      ...checkEndings(endings, sockets + 1),
    ],
  }
}

const endingsSince = ({ everybody }: Scene, since: number): readonly Ending[] =>
  everybody.flatMap(({ endings }) => endings.filter(({ at }) => at > since).slice(0, 1))

function checkEndings(endings: readonly Ending[], sockets: number): readonly string[] {
  const { spreadMs, mostPerSecond } = spreadOf(endings)
  const announced = endings.filter(({ code, bye }) => code === 4012 && bye !== null)
  const lost = endings.flatMap(({ bye, unanswered }) =>
    unanswered.filter(({ sentAt }) => bye !== null && sentAt < bye.at - ARRIVED_MS),
  )
  return [
    ...unless(
      announced.length === sockets,
      `only ${announced.length} of ${sockets} sockets got bye and 4012`,
    ),
    ...unless(spreadMs >= SPREAD_MS, `all sockets were closed within ${spreadMs} ms`),
    ...unless(
      mostPerSecond <= MOST_PER_SECOND * sockets,
      `${mostPerSecond} sockets were closed within one second`,
    ),
    ...unless(
      lost.length === 0,
      `${lost.length} requests in flight were dropped, the first one ${lost[0]?.op}`,
    ),
  ]
}

function spreadOf(endings: readonly Ending[]) {
  const times = endings.map(({ at }) => at).toSorted((a, b) => a - b)
  const first = times[0] ?? 0
  const seconds = Map.groupBy(times, (at) => Math.floor((at - first) / 1000))
  return {
    spreadMs: Math.round((times.at(-1) ?? first) - first),
    mostPerSecond: Math.max(0, ...[...seconds.values()].map(({ length }) => length)),
  }
}

/** Sends SIGTERM to a draining server again. Returns how it ended and how long that took. */
export async function signalTwice(seed: number) {
  await using scene = await openScene({
    seed,
    people: 20,
    channels: 1,
    seats: evenSeats(1, 1),
    server: { kind: 'product' },
  })
  await scene.connect()
  const { process } = scene.supervisor
  process.signal('SIGTERM')
  const drains = async () => !(await process.answers('/readyz'))
  await until(drains, { withinMs: 5_000, what: 'the server to say that it drains' })
  const hadEnded = process.hasExited
  const signalledAt = now()
  process.signal('SIGTERM')
  const { code } = await process.exited
  return { hadEnded, code, tookMs: process.exitedAt - signalledAt }
}
