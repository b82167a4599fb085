import { ChatError, type ErrorBody } from '@tertulia/protocol'
import { unavailableBy } from '../kernel/unavailable.ts'
import { close, terminate } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Loop } from './loop.ts'
import { tell } from './tell.ts'

/** What a caller may know of an error. What is not ours becomes `internal`, and the log gets it. */
export function errorBody(loop: Loop, requestId: string, error: unknown): ErrorBody {
  const known =
    error instanceof ChatError ? error : (unavailableBy(error) ?? new ChatError('internal'))
  if (known.code === 'internal' && known !== error)
    loop.log.error({ requestId, err: error }, 'unexpected error in the frame loop')
  const { code, message, retryAfterMs, details } = known
  return {
    code,
    message,
    requestId,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(details === undefined ? {} : { details: details as Record<string, never> }),
  }
}

/** Tells of a fault that belongs to no request. */
export function tellError(loop: Loop, connection: Connection, error: unknown): void {
  const requestId = connection.nextRequestId()
  tell(loop, connection, { type: 'error', error: errorBody(loop, requestId, error) })
}

/** Ends a connection in which something went wrong that cannot happen. The others go on. */
export function fail(loop: Loop, connection: Connection, error: unknown): void {
  if (connection.isClosed()) return
  tellError(loop, connection, error)
  terminate(loop, connection)
}

/** A frame that makes no sense. A few are forgiven, for a newer client may know more than this server. */
export function countMalformed(loop: Loop, connection: Connection, error: unknown): void {
  tellError(loop, connection, error)
  connection.malformed++
  if (connection.malformed >= loop.limits.malformedFrames) close(loop, connection, 4400)
}

/** A refusal by rate. A client that goes on in spite of them is cut off. */
export function countViolation(loop: Loop, connection: Connection, now: number): void {
  const { violations, violationsMs } = loop.limits
  const recent = (connection.violations ?? []).filter((at) => at > now - violationsMs)
  connection.violations = [...recent, now]
  if (connection.violations.length >= violations) close(loop, connection, 4429)
}
