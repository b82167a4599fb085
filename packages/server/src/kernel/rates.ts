import type { Caller, Limits, RateClass } from '@tertulia/protocol'

export interface BucketSize {
  /** Tokens per second. */
  readonly rate: number
  readonly burst: number
}

/** Which bucket a call is taken from. One bucket per class and actor, whatever the door or the connection. */
export function bucketOf(
  rate: RateClass,
  caller: Caller,
  limits: Limits,
): { readonly suffix: string; readonly size: BucketSize } {
  if (caller === 'server')
    return {
      suffix: 'all',
      size: { rate: limits.serverRequestsPerSecond, burst: limits.serverRequestsBurst },
    }
  switch (rate) {
    case 'send':
      return { suffix: rate, size: { rate: limits.sendsPerSecond, burst: limits.sendsBurst } }
    case 'edit':
      return { suffix: rate, size: { rate: limits.editsPerSecond, burst: limits.editsBurst } }
    case 'event':
      return { suffix: rate, size: { rate: limits.eventsPerSecond, burst: limits.eventsBurst } }
    case 'request':
    case 'free':
      return {
        suffix: 'request',
        size: { rate: limits.requestsPerSecond, burst: limits.requestsBurst },
      }
  }
}
