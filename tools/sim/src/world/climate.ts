import type { Chance } from './chance.ts'

/** What may go wrong in one run, and how often. Drawn once per seed, so that runs differ in kind. */
export interface Climate {
  /** ms in which people act and things fail. */
  readonly activeMs: number
  /** ms between two acts of anybody. */
  readonly actEveryMs: number
  /** How many act at the same moment. */
  readonly salvo: number
  /** Devices ask for changes all the time, without being told to. */
  readonly restless: boolean
  /** The slowest trip over the network, in ms. */
  readonly tripMs: number
  readonly requestLoss: number
  readonly answerLoss: number
  /** ms between two cuts of one connection. */
  readonly cutEveryMs: number
  /** How many of the cuts are not noticed by anybody for a while. */
  readonly silentCuts: number
  /** ms that the store may take before and after a transaction. */
  readonly storeMs: number
  readonly bus: BusClimate
  /** Crashes of the server. */
  readonly crashes: number
  readonly restore: boolean
  readonly slowReaders: boolean
  readonly clockSteps: boolean
  /** Bounds so small that what lies behind them happens all the time. */
  readonly cramped: boolean
  /** Few calls per second are allowed. */
  readonly stingy: boolean
  /** ms that a token lives. */
  readonly tokenMs: number
  /** Heartbeats come often, and silence is soon taken for death. */
  readonly hasty: boolean
  /** Graceful stops of the server. */
  readonly deploys: number
  /** Messages that the app's own server sends at once. */
  readonly burst: number
}

export interface BusClimate {
  /** ms; 0 is a bus inside the process. */
  readonly delayMs: number
  readonly loss: number
  readonly doubles: number
}

const AN_HOUR = 3_600_000
const QUIET_BUS: BusClimate = { delayMs: 0, loss: 0, doubles: 0 }

export function climateOf(chance: Chance): Climate {
  const rough = chance.happens(0.7)
  return {
    activeMs: chance.between(12_000, 30_000),
    ...actsOf(chance),
    restless: chance.happens(0.15),
    tripMs: chance.pick([5, 50, 400, 1500]),
    requestLoss: rough ? chance.between(0, 0.25) : 0,
    answerLoss: rough ? chance.between(0, 0.25) : 0,
    cutEveryMs: rough ? chance.between(3_000, 30_000) : Number.POSITIVE_INFINITY,
    silentCuts: chance.pick([0, 0.2, 0.6]),
    storeMs: chance.pick([0, 0, 5, 40, 300]),
    bus: chance.happens(0.35) ? roughBus(chance) : QUIET_BUS,
    crashes: chance.pick([0, 0, 1, 2, 4]),
    restore: chance.happens(0.15),
    slowReaders: chance.happens(0.25),
    clockSteps: chance.happens(0.2),
    cramped: chance.happens(0.35),
    stingy: chance.happens(0.15),
    tokenMs: chance.pick([AN_HOUR, 20_000]),
    hasty: chance.happens(0.2),
    deploys: chance.pick([0, 0, 0, 1]),
    burst: chance.weighted([
      [0.84, 0],
      [0.13, 70],
      [0.03, 510],
    ]),
  }
}

/** As many acts in all, one by one or many at once. */
function actsOf(chance: Chance): Pick<Climate, 'actEveryMs' | 'salvo'> {
  const salvo = chance.pick([1, 1, 1, 8])
  return { actEveryMs: chance.between(100, 400) * salvo, salvo }
}

const roughBus = (chance: Chance): BusClimate => ({
  delayMs: chance.pick([0, 20, 300]),
  loss: chance.between(0, 0.3),
  doubles: chance.between(0, 0.3),
})

/** The same world without its faults. */
export const calm = (climate: Climate): Climate => ({
  ...climate,
  tripMs: Math.min(climate.tripMs, 50),
  requestLoss: 0,
  answerLoss: 0,
  cutEveryMs: Number.POSITIVE_INFINITY,
  bus: QUIET_BUS,
  slowReaders: false,
})

/** No faults at all. */
export const calmest: Climate = {
  activeMs: 0,
  actEveryMs: Number.POSITIVE_INFINITY,
  salvo: 1,
  restless: false,
  tripMs: 0,
  requestLoss: 0,
  answerLoss: 0,
  cutEveryMs: Number.POSITIVE_INFINITY,
  silentCuts: 0,
  storeMs: 0,
  bus: QUIET_BUS,
  crashes: 0,
  restore: false,
  slowReaders: false,
  clockSteps: false,
  cramped: false,
  stingy: false,
  tokenMs: AN_HOUR,
  hasty: false,
  deploys: 0,
  burst: 0,
}
