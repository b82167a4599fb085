import type { Session } from '../ports/product.ts'
import type { Connection } from './connection.ts'
import { countViolation, errorBody } from './failures.ts'
import { leaveIfDone } from './leaving.ts'
import { type Loop, monotonic } from './loop.ts'
import { tell } from './tell.ts'

/** A request on its way. */
export interface Asked {
  readonly id: number
  readonly op: string
  readonly input: unknown
  readonly bytes: number
  readonly requestId: string
  /** The session when it came; the connection may have ended or renewed it since. */
  readonly session: Session
}

/** Sends the answer and ends the request. */
export function answer(
  loop: Loop,
  connection: Connection,
  { asked, data }: { readonly asked: Asked; readonly data: unknown },
): void {
  tell(loop, connection, { type: 'response', id: asked.id, data: data ?? null })
  finish(loop, connection, asked)
}

export function answerError(
  loop: Loop,
  connection: Connection,
  { asked, error }: { readonly asked: Asked; readonly error: unknown },
): void {
  const body = errorBody(loop, asked.requestId, error)
  tell(loop, connection, { type: 'response', id: asked.id, error: body })
  if (body.code === 'rate_limited') countViolation(loop, connection, monotonic(loop.clock))
  finish(loop, connection, asked)
}

function finish(loop: Loop, connection: Connection, { id }: Asked): void {
  connection.inFlight?.delete(id)
  if (connection.inFlight?.size === 0) connection.inFlight = null
  leaveIfDone(loop, connection)
}
