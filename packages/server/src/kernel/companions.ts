import type { Limits } from '@tertulia/protocol'
import type { Bus } from '../ports/bus.ts'
import type { Clock, Timers } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from '../store/engine.ts'
import type { Settings } from './handlers.ts'
import type { TokenBuckets } from './tokenBuckets.ts'

/** What companions stand on. */
export interface Ground {
  readonly engine: Engine
  readonly bus: Bus
  readonly clock: Clock
  readonly timers: Timers
  readonly limits: Limits
  readonly log: Log
  readonly buckets: TokenBuckets
  readonly settings: Settings
}
