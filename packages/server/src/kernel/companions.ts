import type { InputOf, Limits, Operation, OutputOf } from '@tertulia/protocol'
import type { z } from 'zod'
import type { Bus } from '../ports/bus.ts'
import type { Clock, Timers } from '../ports/clock.ts'
import type { Answering, Listener, Signal } from '../ports/companion.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from '../store/engine.ts'
import type { Settings } from './handlers.ts'
import { parse } from './operations.ts'
import type { TokenBuckets } from './tokenBuckets.ts'
import type { WriteQueue } from './writeQueue.ts'

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
  readonly queue: WriteQueue
  /** Which node this is. */
  readonly node: number
}

/** The frame loop has read the frame by its form, so a companion may count on its own types. */
export const signal = <Form extends z.ZodType>(
  form: Form,
  take: (listener: Listener, frame: z.infer<Form>) => void,
): Signal => ({ form, take: take as Signal['take'] })

/** An operation that only a connection can do. */
export const answering =
  <O extends Operation>(
    operation: O,
    run: (listener: Listener, input: InputOf<O>) => Promise<OutputOf<O>>,
  ): Answering =>
  (listener, input) =>
    run(listener, parse(operation.input, input) as InputOf<O>)
