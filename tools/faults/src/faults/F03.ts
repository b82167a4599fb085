import type { Attempt, Listing } from '../history/record.ts'
import { sendAll } from '../scene/load.ts'
import { evenSeats, openScene, type Scene, type StoreKind } from '../scene/scene.ts'
import { type KillPoint, killPoints } from '../server/arming.ts'
import type { Break } from '../server/breaks.ts'
import { type Report, unless } from './report.ts'
import { judge } from './summary.ts'

export interface F03Options {
  readonly seed: number
  /** Kills at each of the four points. */
  readonly times: number
  readonly broken?: Break
  readonly store?: StoreKind
}

export const F03 = { short: { times: 4 }, long: { times: 50 } }

const PEOPLE = { people: 20, channels: 10, seats: evenSeats(10, 5) }
/** The server dies at one of the first so many transactions that store a message. */
const LAST_HIT = 12

/** One life of the server, from the arming to the last answer that its clients got by trying again. */
interface Life {
  readonly point: KillPoint
  readonly attempts: readonly Attempt[]
}

/** Kills the server from inside of a write, at each of its four moments. */
export async function runF03({
  seed,
  times,
  broken,
  store = 'sqlite',
}: F03Options): Promise<Report> {
  await using scene = await openScene({
    ...PEOPLE,
    seed,
    store,
    server: { kind: 'entry', broken: broken ?? null },
  })
  await scene.connect()
  const lives: Life[] = []
  for (let round = 0; round < times; round++)
    for (const point of killPoints) lives.push(await dieAt(scene, point))
  const { evidence, violations, figures } = await judge(scene)
  const unanswered = lives.filter(
    ({ point, attempts }) => point === 'after-commit' && attempts.some(isRepeat),
  )
  const untold = lives.filter(
    (life) => life.point === 'after-answer' && hasUntold(life, evidence.listings),
  )
  return {
    fault: 'F03',
    figures: {
      ...figures,
      kills: scene.supervisor.readyMs.length - 1,
      storedUnanswered: unanswered.length,
      answeredUntold: untold.length,
    },
    violations: [
      ...violations,
      ...unless(
        unanswered.length === times,
        `only ${unanswered.length} of ${times} deaths between commit and answer were followed by a retry that got the first id`,
      ),
      ...unless(
        untold.length > 0,
        'no death between answer and announcement left anything that was answered and not told',
      ),
    ],
  }
}

/** Lets the server die under load, and waits until everybody got an answer from the next one. */
async function dieAt(scene: Scene, point: KillPoint): Promise<Life> {
  const { supervisor, chance, history, senders } = scene
  const process = await supervisor.ready()
  await scene.allWelcome()
  const before = history.attempts.length
  process.tell({ type: 'arm', point, hit: chance.between(1, LAST_HIT) })
  let isReplaced = false
  const replaced = supervisor.replaced(process).then(() => {
    isReplaced = true
  })
  while (!isReplaced) await sendAll(scene, { sends: senders.length * 4, began: () => {} })
  await replaced
  return { point, attempts: history.attempts.slice(before) }
}

const isRepeat = ({ outcome }: Attempt): boolean => outcome.kind === 'ok' && outcome.duplicate

/** Whether something was acknowledged of which nobody heard live: everybody learned of it by sync. */
function hasUntold({ attempts }: Life, listings: readonly Listing[]): boolean {
  const heard = new Set(
    listings.flatMap(({ source, messages }) =>
      source === 'live' ? messages.map(({ id }) => id) : [],
    ),
  )
  return attempts.some(
    ({ outcome }) => outcome.kind === 'ok' && !outcome.duplicate && !heard.has(outcome.message.id),
  )
}
