import { ChatError, type Operation } from '@tertulia/protocol'
import type { z } from 'zod'
import type { Bus } from '../ports/bus.ts'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Call, Operations } from '../ports/product.ts'
import { type Engine, StoreConflictError } from '../store/engine.ts'
import { type Actor, nameOf } from './actor.ts'
import type { Handler, Settings } from './handlers.ts'
import { misfit } from './misfit.ts'
import { bucketOf } from './rates.ts'
import type { TokenBuckets } from './tokenBuckets.ts'
import { unavailableBy } from './unavailable.ts'
import { type Ahead, causeOf, type WriteQueue } from './writeQueue.ts'

export interface OperationsOptions {
  readonly handlers: readonly Handler[]
  readonly engine: Engine
  readonly queue: WriteQueue
  readonly bus: Bus
  readonly clock: Clock
  readonly buckets: TokenBuckets
  readonly settings: Settings
  readonly log: Log
}

/** One operation, many doors: every door ends here. Validate, limit, authorise, do. */
export function createOperations(options: OperationsOptions): Operations {
  const handlers = new Map(options.handlers.map((handler) => [handler.operation.name, handler]))
  return {
    async call(call) {
      const handler = handlers.get(call.op)
      if (!handler) throw new ChatError('not_found', { details: { op: call.op } })
      const { operation } = handler
      if (!mayCall(handler, call.actor)) throw new ChatError('forbidden')
      takeToken(options, operation, call.actor)
      const input = parse(operation.input, call.input)
      try {
        const answer = await perform(options, handler, { ...call, input })
        if (answer instanceof ChatError) throw answer
        return answer
      } catch (error) {
        throw namedError(options, call, causeOf(error))
      }
    },
  }
}

const mayCall = ({ kind, operation }: Handler, actor: Actor): boolean =>
  operation.callers.includes(actor.kind) &&
  (actor.kind === 'user' || actor.access === 'full' || kind === 'read')

function takeToken(
  { buckets, settings }: OperationsOptions,
  operation: Operation,
  actor: Actor,
): void {
  const { suffix, size } = bucketOf(operation.rate, actor.kind, settings.limits)
  const taken = buckets.take(`${nameOf(actor)}/${suffix}`, size, 1)
  if (!taken.ok)
    throw new ChatError('rate_limited', {
      retryAfterMs: taken.retryAfterMs,
      details: { scope: suffix },
    })
}

/** Reads input by its schema; `details.fields` names the fields that do not fit, never their content. */
export function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(input === undefined ? {} : input)
  if (parsed.success) return parsed.data
  throw misfit(parsed.error)
}

function perform(
  options: OperationsOptions,
  handler: Handler,
  { actor, input, bytes }: Call,
): Promise<unknown> {
  const { settings, engine, queue, bus, clock } = options
  const asked = { input, actor, settings }
  switch (handler.kind) {
    case 'write':
      return queue.submit(
        {
          bytes,
          lane: handler.lane === 'actor' ? nameOf(actor) : laneOf(actor, input),
          ahead: aheadOf(handler, asked),
        },
        (tx) =>
          handler.run({ ...asked, tx, announce: tx.announce, disconnect: tx.disconnect.bind(tx) }),
      )
    case 'read':
      return engine.read((db) => handler.run({ ...asked, db, now: clock.now() }))
    case 'relay':
      return engine.read((db) => handler.run({ ...asked, db, bus, now: clock.now() }))
  }
}

const aheadOf = (
  { readAhead }: Extract<Handler, { kind: 'write' }>,
  wish: { readonly input: unknown; readonly actor: Actor },
): Ahead | null => readAhead && { read: readAhead as Ahead['read'], wish }

/** The stream that a call is about, as far as its input tells. */
function laneOf(actor: Actor, input: unknown): string {
  const { channelId, key } = input as { readonly channelId?: unknown; readonly key?: unknown }
  if (typeof channelId === 'string') return channelId
  return typeof key === 'string' ? key : nameOf(actor)
}

function namedError(
  { log }: OperationsOptions,
  { op, requestId }: Call,
  error: unknown,
): ChatError {
  if (error instanceof ChatError) return error
  const unavailable = unavailableBy(error)
  if (unavailable) {
    // Of the others the engine tells, once.
    if (error instanceof StoreConflictError) log.warn({ op, requestId }, 'store conflict')
    return unavailable
  }
  log.error({ op, requestId, err: error }, 'operation failed')
  return new ChatError('internal', { cause: error })
}
