import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Sampler } from './sampling.ts'

const MS = 250
const MOST = 15
const START = 1_800_000_000_000

const createSampler = () => new Sampler({ ms: MS, shownPerSecond: MOST })

/** Times of events in their order. */
const times = (gaps: readonly number[]): number[] => {
  let at = START
  return gaps.map((gap) => (at += gap))
}

const toldOf = (all: readonly number[]): number[] => {
  const sampler = createSampler()
  return all.filter((at) => sampler.tells(at))
}

const gaps = fc.oneof(
  fc.array(fc.nat(60), { maxLength: 400, size: 'max' }),
  fc.array(fc.nat(3), { maxLength: 400, size: 'max' }),
  fc.array(fc.oneof(fc.constant(0), fc.nat(2000)), { maxLength: 400, size: 'max' }),
)

describe('of a flood', () => {
  test('no second tells more than it may, wherever it begins', () => {
    fc.assert(
      fc.property(gaps, (some) => {
        const told = toldOf(times(some))
        for (const [index, at] of told.entries())
          expect(told[index + MOST] ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(at + 1000)
      }),
    )
  })

  test('nothing is left out while no second has too much', () => {
    fc.assert(
      fc.property(gaps, (some) => {
        const calm = times(some.map((gap, index) => gap + (index % MOST === 0 ? 1000 : 0)))
        expect(toldOf(calm)).toEqual(calm)
      }),
    )
  })

  test('nodes that hear the same tell the same, even if one of them heard less before', () => {
    fc.assert(
      fc.property(gaps, gaps, (before, after) => {
        const late = createSampler()
        const early = createSampler()
        for (const at of times(before)) early.tells(at)
        const later = times(after).map((at) => at + 3_600_000)
        expect(later.map((at) => early.tells(at))).toEqual(later.map((at) => late.tells(at)))
      }),
    )
  })

  test('each part of a second has its share', () => {
    const told = toldOf(times(Array(1000).fill(10)))
    const perWindow = Map.groupBy(told, (at) => Math.floor(at / MS))
    const settled = [...perWindow.values()].slice(5, -1).map((some) => some.length)
    expect(settled.length).toBeGreaterThan(25)
    for (const count of settled) expect([3, 4]).toContain(count)
  })

  test('the clock of another node may be behind, and one that was set back begins anew', () => {
    const sampler = createSampler()
    const tells = (at: number) => sampler.tells(at)
    const flood = Array.from({ length: 40 }, (_, index) => START - (index % 2) * 3000)
    expect(flood.filter(tells)).toHaveLength(MOST)
    const anHourBefore = Array.from({ length: 40 }, () => START - 3_600_000)
    expect(anHourBefore.filter(tells)).toHaveLength(MOST)
  })
})
