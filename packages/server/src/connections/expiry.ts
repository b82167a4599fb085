import type { Session } from '../ports/product.ts'
import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import type { Loop } from './loop.ts'
import { tell } from './tell.ts'

/** The connection speaks for this session from now on. */
export function startSession(loop: Loop, connection: Connection, session: Session): void {
  const { limits, clock } = loop
  connection.session = session
  // A token that lives shorter than the warning would else be renewed at once, again and again.
  connection.warnAt = Math.min(limits.tokenWarningMs, (session.expiresAt - clock.now()) / 2)
}

/**
 * Warns once, and closes after the leeway. Returns when to look again. Expiry is a moment of the wall clock, which
 * may step: it is compared anew at each look.
 */
export function checkExpiry(loop: Loop, connection: Connection, now: number): number {
  const { session, warnAt } = connection
  if (session === null) return Number.POSITIVE_INFINITY
  const left = session.expiresAt - loop.clock.now()
  const leeway = loop.limits.tokenLeewaySeconds * 1000
  if (left + leeway <= 0) close(loop, connection, 4401)
  else if (warnAt !== null && left <= warnAt) {
    // A client may not renew before its welcome, which has this looked at again.
    if (connection.phase !== 'open') return now + left + leeway
    connection.warnAt = null
    tell(loop, connection, { type: 'auth', expiresInMs: Math.max(0, left) })
  }
  return now + (connection.warnAt === null ? left + leeway : left - connection.warnAt)
}
