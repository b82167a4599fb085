import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokenBuckets } from './tokenBuckets.ts'

const SIZE = { rate: 5, burst: 10 }

function stoppedClock() {
  let now = 1000
  return { monotonic: () => now, pass: (ms: number) => (now += ms) }
}

/** The textbook bucket, with a level that is filled before each take. */
function textbook({ rate, burst }: typeof SIZE) {
  let level = burst
  return {
    pass: (ms: number) => (level = Math.min(burst, level + (ms * rate) / 1000)),
    take: (cost: number) => {
      const wanted = Math.min(cost, burst)
      if (level + 1e-6 < wanted) return false
      level -= wanted
      return true
    },
  }
}

describe('token buckets', () => {
  it('lets a burst pass and then the rate', () => {
    const clock = stoppedClock()
    const buckets = createTokenBuckets(clock)
    for (let n = 0; n < SIZE.burst; n++) expect(buckets.take('alice', SIZE).ok).toBe(true)
    expect(buckets.take('alice', SIZE)).toEqual({ ok: false, retryAfterMs: 200 })
    clock.pass(199)
    expect(buckets.take('alice', SIZE)).toEqual({ ok: false, retryAfterMs: 1 })
    clock.pass(1)
    expect(buckets.take('alice', SIZE).ok).toBe(true)
    expect(buckets.take('alice', SIZE).ok).toBe(false)
  })

  it('keeps people apart', () => {
    const buckets = createTokenBuckets(stoppedClock())
    buckets.take('alice', SIZE, SIZE.burst)
    expect(buckets.take('alice', SIZE).ok).toBe(false)
    expect(buckets.take('bob', SIZE, SIZE.burst).ok).toBe(true)
  })

  it('agrees with the textbook, whatever is taken and however time passes', () => {
    const step = fc.record({ ms: fc.nat(5000), cost: fc.integer({ min: 1, max: 60 }) })
    const size = fc.record({
      rate: fc.integer({ min: 1, max: 100 }),
      burst: fc.integer({ min: 1, max: 50 }),
    })
    fc.assert(
      fc.property(size, fc.array(step, { maxLength: 50 }), (bucket, steps) => {
        const clock = stoppedClock()
        const buckets = createTokenBuckets(clock)
        const model = textbook(bucket)
        for (const { ms, cost } of steps) {
          clock.pass(ms)
          model.pass(ms)
          expect(buckets.take('alice', bucket, cost).ok).toBe(model.take(cost))
        }
      }),
    )
  })

  it('tells a time after which the same take passes, and no longer than needed', () => {
    const take = fc.record({ ms: fc.nat(300), cost: fc.integer({ min: 1, max: 12 }) })
    fc.assert(
      fc.property(
        fc.array(take, { maxLength: 30 }),
        fc.integer({ min: 1, max: 50 }),
        (takes, rate) => {
          const clock = stoppedClock()
          const buckets = createTokenBuckets(clock)
          const size = { rate, burst: 10 }
          for (const { ms, cost } of takes) {
            clock.pass(ms)
            const taken = buckets.take('alice', size, cost)
            if (taken.ok) continue
            clock.pass(taken.retryAfterMs - 1)
            expect(buckets.take('alice', size, cost).ok).toBe(false)
            clock.pass(1)
            expect(buckets.take('alice', size, cost).ok).toBe(true)
          }
        },
      ),
    )
  })

  it('forgets who came least recently, not the busy ones', () => {
    const buckets = createTokenBuckets(stoppedClock(), 2)
    buckets.take('alice', SIZE, 5)
    buckets.take('bob', SIZE, 10)
    buckets.take('alice', SIZE, 5)
    buckets.take('charlie', SIZE, 10)
    expect(buckets.take('alice', SIZE).ok).toBe(false)
    expect(buckets.take('charlie', SIZE).ok).toBe(false)
    expect(buckets.take('bob', SIZE).ok).toBe(true)
  })
})
