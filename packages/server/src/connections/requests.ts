import { ChatError, operations, RequestFrame } from '@tertulia/protocol'
import { misfit } from '../kernel/misfit.ts'
import type { Answering } from '../ports/companion.ts'
import { type Asked, answer, answerError } from './answers.ts'
import type { Connection } from './connection.ts'
import { countMalformed, countViolation, errorBody, fail } from './failures.ts'
import { setInterest } from './interests.ts'
import { listenerOf } from './listeners.ts'
import { type Loop, monotonic } from './loop.ts'
import { takeRequestToken } from './rates.ts'
import { renewSession } from './session.ts'
import { tell } from './tell.ts'

/** What only a connection can do. It answers by itself, because order matters: frames may follow the answer. */
type Own = (loop: Loop, connection: Connection, asked: Asked) => Promise<void>

const own: ReadonlyMap<string, Own> = new Map([
  ['interest.set', setInterest],
  ['session.renew', renewSession],
])

const offered: ReadonlySet<string> = new Set(
  operations.filter((operation) => operation.socket).map((operation) => operation.name),
)

interface Refused {
  readonly frame: Readonly<Record<string, unknown>>
  readonly error: ChatError
}

interface Arrived {
  readonly frame: Readonly<Record<string, unknown>>
  readonly bytes: number
}

export function handleRequest(loop: Loop, connection: Connection, { frame, bytes }: Arrived): void {
  const parsed = RequestFrame.safeParse(frame)
  const refusal = parsed.success ? refusalOf(loop, connection, parsed.data) : misfit(parsed.error)
  if (refusal) {
    refuseRequest(loop, connection, { frame, error: refusal })
    if (refusal.code === 'rate_limited') countViolation(loop, connection, monotonic(loop.clock))
  } else if (parsed.data) begin(loop, connection, { request: parsed.data, bytes })
}

interface Begun {
  readonly request: RequestFrame
  readonly bytes: number
}

function begin(loop: Loop, connection: Connection, { request, bytes }: Begun): void {
  const { session } = connection
  if (session === null) return
  const requestId = connection.nextRequestId()
  connection.inFlight ??= new Set()
  connection.inFlight.add(request.id)
  const asked = { id: request.id, op: request.op, input: request.data, bytes, requestId, session }
  run(loop, connection, asked).catch((error) => fail(loop, connection, error))
}

function refusalOf(
  { limits }: Loop,
  { inFlight, leaving }: Connection,
  { id, op }: { readonly id: number; readonly op: string },
): ChatError | null {
  if (inFlight?.has(id)) return new ChatError('bad_request', { details: { id: 'in flight' } })
  if (!offered.has(op)) return new ChatError('bad_request', { details: { op: 'unknown' } })
  if (leaving) return new ChatError('unavailable', { retryAfterMs: limits.bumpMs })
  if (inFlight && inFlight.size >= limits.requestsInFlight)
    return new ChatError('rate_limited', {
      retryAfterMs: limits.bumpMs,
      details: { scope: 'in_flight' },
    })
  return null
}

/**
 * Answers a request that is not begun. Without an id of its own, be it unreadable or that of another request still in
 * flight, the answer is an `error` frame: a response would be taken for the other's.
 */
export function refuseRequest(loop: Loop, connection: Connection, { frame, error }: Refused): void {
  const id = RequestFrame.shape.id.safeParse(frame['id'])
  if (!id.success || connection.inFlight?.has(id.data)) {
    countMalformed(loop, connection, error)
    return
  }
  const body = errorBody(loop, connection.nextRequestId(), error)
  tell(loop, connection, { type: 'response', id: id.data, error: body })
}

async function run(loop: Loop, connection: Connection, asked: Asked): Promise<void> {
  try {
    const handler = own.get(asked.op)
    const answering = loop.answerings.get(asked.op)
    if (handler) await handler(loop, connection, asked)
    else if (answering) await answerBy(answering, { loop, connection, asked })
    else answer(loop, connection, { asked, data: await callProduct(loop, asked) })
  } catch (error) {
    answerError(loop, connection, { asked, error })
  }
}

interface Call {
  readonly loop: Loop
  readonly connection: Connection
  readonly asked: Asked
}

/** What a companion answers. */
async function answerBy(answering: Answering, { loop, connection, asked }: Call): Promise<void> {
  takeRequestToken(loop, asked.session.actor)
  const data = await answering(listenerOf(loop, connection), asked.input)
  answer(loop, connection, { asked, data })
}

const callProduct = (loop: Loop, { op, input, bytes, requestId, session }: Asked) =>
  loop.operations.call({ actor: session.actor, op, input, requestId, bytes })
