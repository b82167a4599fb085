import { sendSteadily } from '../scene/load.ts'
import { evenSeats, openScene } from '../scene/scene.ts'
import { now, pause } from '../waiting.ts'
import { type Report, unless } from './report.ts'
import { judge } from './summary.ts'

export interface F10Options {
  readonly seed: number
  /** How the database goes away: its server ends, or it keeps every connection and answers nothing. */
  readonly how: 'ends' | 'hangs'
  readonly awayMs: number
}

export const F10 = { short: { awayMs: 8_000 }, long: { awayMs: 30_000 } }

const PEOPLE = { people: 30, channels: 20, seats: evenSeats(20, 5) }
const SENDS_PER_SECOND = 40
const AROUND_MS = 1_500
/** I8: nobody waits longer for a yes or a no. */
const MOST_WAIT_MS = 10_000

/** Takes the database away under load, and gives it back. The server stays. */
export async function runF10({ seed, how, awayMs }: F10Options): Promise<Report> {
  await using scene = await openScene({
    ...PEOPLE,
    seed,
    store: 'postgres',
    server: { kind: 'product' },
  })
  const { cluster, history, supervisor } = scene
  if (!cluster) throw new Error('This needs a database server.')
  await scene.connect()
  const { process } = supervisor
  const load = sendSteadily(scene, SENDS_PER_SECOND)
  await pause(AROUND_MS)
  const goneAt = now()
  if (how === 'hangs') cluster.freeze()
  else await cluster.halt()
  await pause(awayMs)
  const readyWhileAway = await process.answers('/readyz')
  const aliveWhileAway = await process.answers('/healthz')
  const backAt = now()
  if (how === 'hangs') cluster.thaw()
  else await cluster.startAgain()
  await pause(AROUND_MS)
  await load.stop()
  const { violations, figures } = await judge(scene)

  const during = history.attempts.filter(
    ({ invokedAt, outcome }) => outcome.at > goneAt && invokedAt < backAt,
  )
  const longest = Math.max(0, ...during.map(({ invokedAt, outcome }) => outcome.at - invokedAt))
  const firstAgain = history.attempts.find(
    ({ invokedAt, outcome }) => invokedAt > backAt && outcome.kind === 'ok',
  )
  const endings = scene.everybody.reduce((sum, person) => sum + person.endings.length, 0)
  return {
    fault: 'F10',
    figures: {
      ...figures,
      triedWhileAway: during.length,
      longestMs: Math.round(longest),
      backMs: Math.round((firstAgain?.outcome.at ?? Number.POSITIVE_INFINITY) - backAt),
    },
    violations: [
      ...violations,
      ...unless(process === supervisor.process, 'the server ended'),
      ...unless(aliveWhileAway, 'the server did not say that it lives'),
      ...unless(!readyWhileAway, 'the server said that it was ready'),
      ...unless(endings === 0, `${endings} connections were lost`),
      ...unless(longest <= MOST_WAIT_MS, `somebody waited ${Math.round(longest)} ms for an answer`),
      ...unless(during.length > 0, 'nobody tried anything meanwhile'),
    ],
  }
}
