import { ChatError } from '@tertulia/protocol'
import { nameOf, type UserActor } from '../kernel/actor.ts'
import { bucketOf } from '../kernel/rates.ts'
import type { Loop } from './loop.ts'

/** What only a connection can do is taken from the same bucket as the user's other requests. */
export function takeRequestToken({ buckets, limits }: Loop, actor: UserActor): void {
  const { suffix, size } = bucketOf('request', 'user', limits)
  const taken = buckets.take(`${nameOf(actor)}/${suffix}`, size)
  if (!taken.ok)
    throw new ChatError('rate_limited', {
      retryAfterMs: taken.retryAfterMs,
      details: { scope: suffix },
    })
}
