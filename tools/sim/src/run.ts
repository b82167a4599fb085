import type { Stage } from './acting.ts'
import { act, burst, readAgain } from './acts.ts'
import { parts } from './client/device.ts'
import { crowdTogether } from './crowd.ts'
import type { Fault } from './faults/fault.ts'
import { heal } from './healing.ts'
import type { Stores } from './store/simStore.ts'
import { PEOPLE, type Template } from './template.ts'
import { SimDevice } from './world/simDevice.ts'
import { World } from './world/world.ts'

export interface RunOptions {
  readonly seed: number
  readonly template: Template
  readonly stores: Stores
  readonly fault: Fault | null
  readonly trace: ((line: string) => void) | null
}

/** What happened in one run, for the statistics of a campaign. */
export interface RunReport {
  readonly events: number
  readonly resets: number
  readonly crashes: number
  readonly epochs: number
  readonly simulatedMs: number
}

const CRASH_POINTS = ['before-commit', 'after-commit', 'after-answer', 'after-announce'] as const

/** One seed, one run. Rejects with a `Violation` when a promise was broken. */
export async function run({
  seed,
  template,
  stores,
  fault,
  trace,
}: RunOptions): Promise<RunReport> {
  const world = await World.open({ seed, stores, fault, trace })
  try {
    const stage: Stage = { world, template, devices: peopleOf(world, fault) }
    world.startServer()
    for (const { client } of stage.devices) client.session.connect()
    plan(stage)
    // Where transactions come one after another, a crowd is a queue.
    if (stores.name === 'postgres') crowdTogether(stage)
    await world.runUntil(world.climate.activeMs)
    await heal(stage)
    return reportOf(stage)
  } finally {
    await world.close()
  }
}

function peopleOf(world: World, fault: Fault | null): SimDevice[] {
  return PEOPLE.flatMap((userId) =>
    ['phone', 'desk'].map(
      (device) =>
        new SimDevice({
          world,
          userId,
          device,
          parts: { ...parts, ...fault?.parts },
          listeners: (mine) => world.checker.listenersOf(() => mine.client),
        }),
    ),
  )
}

/** Everything that is to happen while the faults last. */
function plan(stage: Stage): void {
  const { world } = stage
  const { schedule, chance, climate } = world
  const someTime = () => chance.between(0, climate.activeMs)
  const next = () => {
    if (world.healing) return
    for (let one = 0; one < climate.salvo; one++) act(stage)
    schedule.after(chance.pause(climate.actEveryMs), next)
  }
  schedule.after(100, next)
  if (climate.restless) keepAsking(stage)
  for (let crash = 0; crash < climate.crashes; crash++)
    schedule.at(someTime(), () => crashSomehow(world))
  for (let deploy = 0; deploy < climate.deploys; deploy++)
    schedule.at(someTime(), () => world.deployServer())
  if (climate.burst > 0) schedule.at(someTime(), () => burst(stage, climate.burst))
  if (climate.clockSteps)
    for (let step = 0; step < 3; step++) schedule.at(someTime(), () => world.stepClock())
  if (climate.restore) planRestore(world)
}

function keepAsking(stage: Stage): void {
  const { world, devices } = stage
  if (world.healing) return
  readAgain(stage, world.chance.pick(devices))
  world.schedule.after(world.chance.pause(150), () => keepAsking(stage))
}

function crashSomehow(world: World): void {
  if (world.healing) return
  const point = world.chance.pick([...CRASH_POINTS, 'now'] as const)
  if (point === 'now') world.crashServer()
  else world.crashServerAt(point)
}

function planRestore(world: World): void {
  const { schedule, chance, climate } = world
  const backUpAt = chance.between(0.1, 0.6) * climate.activeMs
  schedule.at(backUpAt, () => {
    world.backUpStore()
    schedule.after(chance.between(100, 0.35 * climate.activeMs), () => world.restoreStore())
  })
}

function reportOf({ world, devices }: Stage): RunReport {
  const { channels, own } = world.checker.truth.now
  const streams = [...channels.values(), ...own.values()]
  const copies = devices.flatMap(({ client }) => [
    client.own,
    ...[...client.channels.values()].map(({ copy }) => copy),
  ])
  return {
    events: streams.reduce((sum, { head }) => sum + head, 0),
    resets: copies.reduce((sum, { resets }) => sum + resets, 0),
    crashes: world.crashes,
    epochs: world.epochs,
    simulatedMs: world.schedule.now,
  }
}
