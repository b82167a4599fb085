import { LIMITS } from '@tertulia/protocol'
import type { Clock } from '../ports/clock.ts'
import type { BucketSize } from './rates.ts'

export type Taken = { readonly ok: true } | { readonly ok: false; readonly retryAfterMs: number }

/** Token buckets by name, in the memory of one node. */
export interface TokenBuckets {
  /**
   * Takes `cost` tokens, or none at all. A cost above the burst counts as the burst: it passes alone, after a pause.
   * Waiting `retryAfterMs` is enough if nobody else takes from the same bucket.
   */
  take(name: string, size: BucketSize, cost?: number): Taken
}

const TAKEN: Taken = { ok: true }

/** Forgiven, in ms, so that rounding never asks for one more millisecond: far below what a caller could use. */
const ROUNDING_MS = 1e-3

/**
 * A bucket is one number: the moment at which it will be full again. A full bucket is the same as none, so that
 * forgetting the least recently used beyond `kept` forgives somebody at most one burst.
 */
export function createTokenBuckets(
  clock: Pick<Clock, 'monotonic'>,
  kept: number = LIMITS.bucketsKept,
): TokenBuckets {
  const fullAt = new Map<string, number>()

  const keep = (name: string, moment: number) => {
    fullAt.delete(name)
    fullAt.set(name, moment)
    if (fullAt.size <= kept) return
    for (const oldest of fullAt.keys()) {
      fullAt.delete(oldest)
      return
    }
  }

  return {
    take(name, { rate, burst }, cost = 1) {
      const now = clock.monotonic()
      const msPerToken = 1000 / rate
      const wanted = Math.max(now, fullAt.get(name) ?? now) + Math.min(cost, burst) * msPerToken
      const early = wanted - now - burst * msPerToken
      if (early > ROUNDING_MS) return { ok: false, retryAfterMs: Math.ceil(early - ROUNDING_MS) }
      keep(name, wanted)
      return TAKEN
    },
  }
}
