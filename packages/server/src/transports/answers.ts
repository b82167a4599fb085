import { ChatError } from '@tertulia/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Log } from '../ports/log.ts'
import { asChatError, headersOf, PROBLEM_TYPE, problemOf } from './problem.ts'
import { createRouteTable } from './routeTable.ts'

/** Makes every error of an instance a problem document, the missing route and the wrong method included. */
export function answerWithProblems(app: FastifyInstance, log: Log): void {
  const table = createRouteTable(app)
  app.setErrorHandler((error, request, reply) => sendProblem({ error, log }, request, reply))
  app.setNotFoundHandler(async (request, reply) => {
    const methods = table.methodsOf(request.raw.url ?? '')
    if (methods.length === 0) throw new ChatError('not_found')
    reply.header('Allow', [...methods, 'OPTIONS'].join(', '))
    throw new ChatError('method_not_allowed')
  })
  app.addHook('onResponse', async (request, reply) => {
    const { method, id: requestId } = request
    const route = request.routeOptions.url ?? null
    log.debug(
      { requestId, method, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'answered',
    )
  })
}

interface Failure {
  readonly error: unknown
  readonly log: Log
}

export function sendProblem(
  { error, log }: Failure,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const named = asChatError(error)
  const fields = { requestId: request.id, code: named.code, err: named.cause }
  if (named.code === 'internal' && !(error instanceof ChatError))
    log.error(fields, 'request failed')
  else log.debug(fields, 'request refused')
  // Whoever is refused early may still be sending: the rest must not be read as the next request.
  if (!request.raw.complete) reply.header('Connection', 'close')
  return reply
    .code(named.status)
    .headers(headersOf(named))
    .type(PROBLEM_TYPE)
    .send(JSON.stringify(problemOf(named, request.id)))
}
