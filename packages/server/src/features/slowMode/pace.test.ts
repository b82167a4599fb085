import type { SlowMode } from '@tertulia/protocol'
import { expect, test } from 'vitest'
import { chanceFrom } from '../../fixtures/chance.ts'
import { type Spent, spend, waitMs } from './pace.ts'

const RUNS = Number(process.env['SLOW_RUNS'] ?? 2000)
const STEPS = 60
const CLOCKS_MS = 1000
const START = 1_800_000_000_000

/** The rule in other words: a bucket into which each message pours its seconds, and which leaks all the time. */
class Bucket {
  #filledAt = 0
  #level = 0

  wait(mode: SlowMode, now: number): number {
    const over = this.#levelAt(mode, now) + step(mode) - mode.burst * step(mode)
    return Math.max(0, over)
  }

  send(mode: SlowMode, now: number): void {
    const at = this.#forgets(now) ? now : Math.max(now, this.#filledAt)
    this.#level = Math.max(0, this.#levelAt(mode, at)) + step(mode)
    this.#filledAt = at
  }

  /** It never holds more than a whole burst of the present mode. */
  #levelAt(mode: SlowMode, now: number): number {
    if (this.#forgets(now)) return 0
    return Math.min(this.#level, mode.burst * step(mode)) - (now - this.#filledAt)
  }

  #forgets(now: number): boolean {
    return now < this.#filledAt - CLOCKS_MS
  }
}

const step = ({ seconds }: SlowMode): number => seconds * 1000

const modeFrom = (chance: (below: number) => number): SlowMode => ({
  seconds: 1 + Math.floor(chance(chance(1) < 0.2 ? 3600 : 10)),
  burst: 1 + Math.floor(chance(chance(1) < 0.5 ? 1 : 20)),
})

test('random sends, pauses, modes and clocks go as the model says, to the millisecond', () => {
  for (let run = 0; run < RUNS; run++) {
    const chance = chanceFrom(run)
    const model = new Bucket()
    let mode = modeFrom(chance)
    let spent: Spent | null = null
    let now = START
    for (let step = 0; step < STEPS; step++) {
      if (chance(1) < 0.1) mode = modeFrom(chance)
      now += Math.floor(chance(chance(1) < 0.3 ? mode.seconds * 2000 : 50))
      if (chance(1) < 0.05) now -= Math.floor(chance(chance(1) < 0.5 ? 900 : 1e7))
      const moment = { now, clocksMs: CLOCKS_MS }
      const wait = waitMs(mode, spent, moment)
      expect(wait, `run ${run}, step ${step}`).toBe(model.wait(mode, now))
      expect(wait).toBeLessThanOrEqual(mode.seconds * 1000 + CLOCKS_MS)
      if (wait > 0) continue
      spent = spend(mode, spent, moment)
      model.send(mode, now)
    }
  }
})

/** Those of a greedy sender, who tries every 100 ms. */
function accepted(mode: SlowMode, ms: number): number[] {
  let spent: Spent | null = null
  const times: number[] = []
  for (let now = START; now < START + ms; now += 100) {
    const moment = { now, clocksMs: CLOCKS_MS }
    if (waitMs(mode, spent, moment) > 0) continue
    spent = spend(mode, spent, moment)
    times.push(now - START)
  }
  return times
}

test('in no time is more sent than a burst and what became free meanwhile', () => {
  for (const mode of [
    { seconds: 1, burst: 1 },
    { seconds: 2, burst: 3 },
    { seconds: 3, burst: 20 },
  ]) {
    const times = accepted(mode, 120_000)
    for (const [first, from] of times.entries())
      for (const [last, to] of times.entries())
        if (last >= first)
          expect(last - first + 1).toBeLessThanOrEqual(
            mode.burst + Math.floor((to - from) / (mode.seconds * 1000)),
          )
    expect(times.length).toBe(mode.burst - 1 + 120 / mode.seconds)
  }
})

test('a shorter mode frees those who waited for the longer one, at most its seconds later', () => {
  const spent = spend({ seconds: 21_600, burst: 1 }, null, { now: START, clocksMs: CLOCKS_MS })
  const shorter = { seconds: 5, burst: 1 }
  const wait = (later: number) =>
    waitMs(shorter, spent, { now: START + later, clocksMs: CLOCKS_MS })
  expect([wait(0), wait(2000), wait(5000)]).toEqual([5000, 3000, 0])
})

test('a clock that goes back a day locks nobody out, and one that is a little behind gives nothing away', () => {
  const mode = { seconds: 60, burst: 1 }
  const spent = spend(mode, null, { now: START, clocksMs: CLOCKS_MS })
  const wait = (now: number) => waitMs(mode, spent, { now, clocksMs: CLOCKS_MS })
  expect(wait(START - 86_400_000)).toBe(0)
  expect(wait(START - 999)).toBe(60_999)
})
