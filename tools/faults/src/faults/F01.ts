import { sendAll } from '../scene/load.ts'
import { evenSeats, openScene, type StoreKind } from '../scene/scene.ts'
import type { Break } from '../server/breaks.ts'
import { pause } from '../waiting.ts'
import type { Report } from './report.ts'
import { judge } from './summary.ts'

export interface F01Options {
  readonly seed: number
  readonly sends: number
  readonly kills: number
  readonly broken?: Break
  readonly store?: StoreKind
}

export const F01 = { short: { sends: 2_000, kills: 4 }, long: { sends: 10_000, kills: 20 } }

const PEOPLE = { people: 40, channels: 50, seats: evenSeats(50, 10) }
/** A kill comes up to so many ms after the send that it waits for: at any moment of a write. */
const KILL_WITHIN_MS = 15

/** Kills the server at random moments of a load of retrying clients; it is started again each time. */
export async function runF01({
  seed,
  sends,
  kills,
  broken,
  store = 'sqlite',
}: F01Options): Promise<Report> {
  await using scene = await openScene({
    ...PEOPLE,
    seed,
    store,
    server: { kind: 'entry', broken: broken ?? null },
  })
  await scene.connect()
  const { chance, supervisor } = scene
  const killAt = Array.from({ length: kills }, (_, index) =>
    Math.floor(((index + 0.2 + 0.6 * chance.fraction()) / kills) * sends),
  )
  let killing: Promise<void> | null = null
  const kill = async () => {
    await pause(chance.between(0, KILL_WITHIN_MS))
    await supervisor.replace('SIGKILL')
    killing = null
  }
  await sendAll(scene, {
    sends,
    began(count) {
      if (killing || count < (killAt[0] ?? Number.POSITIVE_INFINITY)) return
      killAt.shift()
      killing = kill()
    },
  })
  await killing
  const { violations, figures } = await judge(scene)
  return { fault: 'F01', figures: { ...figures, kills: supervisor.readyMs.length - 1 }, violations }
}
