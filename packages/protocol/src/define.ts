import type { z } from 'zod'
import type { ErrorCode } from './errors.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Which token bucket a call is taken from. `free` calls are bounded by the connection alone. */
export type RateClass = 'send' | 'edit' | 'event' | 'request' | 'free'

/** Who may call: a user with a token, the app's own server with an API key, or both. */
export type Caller = 'user' | 'server'

/**
 * How a call is repeated without harm. `safe`: by nature or by state, the second call changes nothing.
 * `keyed`: by its client id, the second call gets the first one's answer.
 */
export type Retry = 'safe' | 'keyed'

export interface Rest {
  readonly method: Method
  /** The path below the host; `{field}` is a field of the input. All other fields are the query (GET, DELETE) or the body. */
  readonly path: `/v1/${string}`
  /** The input field that the `Idempotency-Key` header fills. */
  readonly keyHeader?: string
}

/** One operation: what every door (REST, WebSocket, in-process) offers under one name. */
export interface Operation<
  Name extends string = string,
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
  Callers extends Caller = Caller,
> {
  readonly kind: 'operation'
  readonly name: Name
  /** One sentence for the reference. */
  readonly summary: string
  /** The REST route, or null for what only a connection can do. */
  readonly rest: Rest | null
  /** Whether a WebSocket request may call it. */
  readonly socket: boolean
  readonly callers: readonly Callers[]
  readonly rate: RateClass
  readonly retry: Retry
  readonly input: Input
  readonly output: Output
  /** The codes beyond the general ones that this call may answer with. */
  readonly errors: readonly ErrorCode[]
}

export function operation<
  const Name extends string,
  Input extends z.ZodType,
  Output extends z.ZodType,
  const Callers extends Caller,
>(
  declared: Omit<Operation<Name, Input, Output, Callers>, 'kind'>,
): Operation<Name, Input, Output, Callers> {
  return { kind: 'operation', ...declared }
}

/** One durable event: what the stream of a channel or of a user tells. */
export interface StreamEvent<Name extends string = string, Data extends z.ZodType = z.ZodType> {
  readonly kind: 'event'
  readonly name: Name
  readonly stream: 'channel' | 'user'
  readonly summary: string
  readonly data: Data
}

export function event<const Name extends string, Data extends z.ZodType>(
  declared: Omit<StreamEvent<Name, Data>, 'kind'>,
): StreamEvent<Name, Data> {
  return { kind: 'event', ...declared }
}

export type InputOf<O extends Operation> = z.infer<O['input']>
export type OutputOf<O extends Operation> = z.infer<O['output']>
export type DataOf<E extends StreamEvent> = z.infer<E['data']>
