import { ChatError, renewSession as operation } from '@tertulia/protocol'
import { parse } from '../kernel/operations.ts'
import { type Asked, answer, answerError } from './answers.ts'
import { close } from './closing.ts'
import type { Connection } from './connection.ts'
import { startSession } from './expiry.ts'
import { type Loop, monotonic } from './loop.ts'
import { takeRequestToken } from './rates.ts'

/** `session.renew`: goes on with a new token of the same user. */
export async function renewSession(
  loop: Loop,
  connection: Connection,
  asked: Asked,
): Promise<void> {
  takeRequestToken(loop, asked.session.actor)
  const { token } = parse(operation.input, asked.input)
  const moment = loop.disconnects.now()
  const session = await loop.identities.userByToken(token)
  if (connection.isClosed()) return
  if (session.actor.uid !== asked.session.actor.uid) {
    answerError(loop, connection, { asked, error: new ChatError('forbidden') })
    return close(loop, connection, 4403)
  }
  const ended = loop.disconnects.since(moment, session)
  if (ended) return close(loop, connection, ended.code)
  startSession(loop, connection, session)
  loop.checks.hasten(connection, monotonic(loop.clock))
  answer(loop, connection, { asked, data: { expiresAt: session.expiresAt } })
}
