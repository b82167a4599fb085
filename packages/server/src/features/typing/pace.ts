import type { Limits } from '@tertulia/protocol'

/** How often, and with how many names, a channel hears who types. */
export interface Pace {
  /** ms between two tellings; 0 for each change. */
  readonly everyMs: number
  readonly names: number
}

/** By the number of watchers; null for a channel that hears nothing. */
export function paceOf(limits: Limits, watchers: number): Pace | null {
  if (watchers === 0) return null
  if (watchers <= limits.typingWatchers) return { everyMs: 0, names: limits.typingWatchers }
  if (watchers <= limits.typingManyWatchers)
    return { everyMs: limits.typingManyMs, names: limits.typingManyNames }
  if (watchers <= limits.typingCrowdWatchers)
    return { everyMs: limits.typingCrowdMs, names: limits.typingCrowdNames }
  return null
}
