import { ChatError, LIMITS, type Limits, type Operation } from '@tertulia/protocol'
import { type FastifyInstance, type FastifyRequest, fastify } from 'fastify'
import type { Authenticate } from '../identity/bearer.ts'
import type { Actor } from '../kernel/actor.ts'
import type { TokenBuckets } from '../kernel/tokenBuckets.ts'
import type { Random } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Operations } from '../ports/product.ts'
import { answerWithProblems, sendProblem } from './answers.ts'
import { bearerOf } from './bearerHeader.ts'
import { bodyOf, readJsonBodies } from './body.ts'
import { networkOf } from './clientAddress.ts'
import { addDocuments } from './documents.ts'
import { addSafeHeaders, type EnvelopeOptions, guardEnvelope } from './envelope.ts'
import { addHealth, type HealthOptions } from './health.ts'
import { createParserErrorHandler } from './parserErrors.ts'
import { queryOf } from './query.ts'
import { newRequestId } from './requestIds.ts'
import { type OperationRoute, readInput, routesOf } from './routes.ts'

/** Adds routes of its own to the HTTP server: a page, or what only development has. */
export type Extension = (app: FastifyInstance) => void

export interface HttpOptions extends EnvelopeOptions, HealthOptions {
  readonly operations: readonly Operation[]
  readonly calls: Operations
  readonly authenticate: Authenticate
  readonly buckets: TokenBuckets
  readonly random: Pick<Random, 'bytes'>
  readonly log: Log
  readonly limits: Limits
  /** While true, operations are refused with `unavailable`: the node is stopping. */
  readonly draining: () => boolean
  readonly extensions: readonly Extension[]
}

/** How often Node looks for requests that are overdue. */
const OVERDUE_CHECK_MS = 500
/** The router counts the encoded form: three characters for each of the 128 of the longest id. */
const PATH_FIELD_CHARACTERS = 3 * 128

/**
 * The REST door: a route for every operation that has one, derived from the contract. The WebSocket transport takes
 * the `upgrade` event of `app.server`; this door leaves it alone.
 */
export function createHttp(options: HttpOptions): FastifyInstance {
  const app = createServer(options)
  answerWithProblems(app, options.log)
  guardEnvelope(app, options)
  readJsonBodies(app)
  for (const route of routesOf(options.operations)) addOperation(app, route, options)
  addHealth(app, options)
  addDocuments(app, options.limits)
  for (const extend of options.extensions) extend(app)
  // Node would answer an unknown `Expect` with a bare 417; we simply expect nothing.
  app.server.on('checkExpectation', (request, response) =>
    app.server.emit('request', request, response),
  )
  return app
}

function createServer(options: HttpOptions): FastifyInstance {
  const { random, limits, log } = options
  return fastify({
    genReqId: () => newRequestId(random),
    requestIdHeader: false,
    bodyLimit: limits.bodyBytes,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    requestTimeout: LIMITS.requestMs,
    keepAliveTimeout: LIMITS.keepAliveMs,
    clientErrorHandler: createParserErrorHandler(random),
    // A path that cannot be decoded fails before any hook runs.
    frameworkErrors: (error, request, reply) => {
      addSafeHeaders(request, reply, options)
      sendProblem({ error, log }, request, reply)
    },
    routerOptions: { maxParamLength: PATH_FIELD_CHARACTERS, querystringParser: () => ({}) },
    http: {
      // Room for a target and headers that are a little too long, so that they get their own answers.
      maxHeaderSize: 2 * (LIMITS.headerBytes + LIMITS.urlBytes),
      headersTimeout: LIMITS.headersMs,
      connectionsCheckingInterval: OVERDUE_CHECK_MS,
      requireHostHeader: false,
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
  })
}

function addOperation(app: FastifyInstance, route: OperationRoute, options: HttpOptions): void {
  const { name } = route.operation
  app.route({
    method: route.method,
    url: route.url,
    onRequest: async (request) => {
      if (options.draining())
        throw new ChatError('unavailable', { retryAfterMs: LIMITS.reconnectWindowMs })
      actors.set(request, await identify(request, options))
    },
    handler: async (request, reply) => {
      const body = bodyOf(request)
      const query = queryOf(request.raw.url ?? '')
      const idempotencyKey = request.headers['idempotency-key']?.toString()
      const input = readInput(route, { params: request.params, query, body, idempotencyKey })
      const bytes = (body?.bytes ?? 0) + query.length
      const output = await options.calls.call({
        actor: actorOf(request),
        op: name,
        input,
        requestId: request.id,
        bytes,
      })
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(output))
    },
  })
}

const actors = new WeakMap<FastifyRequest, Actor>()

function actorOf(request: FastifyRequest): Actor {
  const actor = actors.get(request)
  if (!actor) throw new ChatError('unauthenticated')
  return actor
}

/** Whoever cannot say who they are pays with the bucket of their network. */
async function identify(request: FastifyRequest, options: HttpOptions): Promise<Actor> {
  const bearer = bearerOf(request)
  try {
    if (bearer === null) throw new ChatError('unauthenticated')
    return await options.authenticate(bearer)
  } catch (error) {
    if (error instanceof ChatError && error.status < 500) takeFromNetwork(request, options)
    throw error
  }
}

function takeFromNetwork(
  request: FastifyRequest,
  { buckets, limits, addressOf }: HttpOptions,
): void {
  const size = { rate: limits.addressRequestsPerSecond, burst: limits.addressRequestsBurst }
  const taken = buckets.take(`a:${networkOf(addressOf(request.raw))}`, size)
  if (!taken.ok)
    throw new ChatError('rate_limited', {
      retryAfterMs: taken.retryAfterMs,
      details: { scope: 'address' },
    })
}
