import { createHash } from 'node:crypto'
import { ChatError } from '@tertulia/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { equalBytes } from '../identity/secrets.ts'
import { bearerOf } from './bearerHeader.ts'
import { type AddressOf, isLoopback } from './clientAddress.ts'
import { exposition, type Metric } from './metrics.ts'

export interface Readiness {
  readonly ready: boolean
  /** Why not, in words for an operator. */
  readonly reasons: readonly string[]
}

export interface HealthOptions {
  /** Whether this node should get work: not while it starts, drains, or has lost its store. */
  readonly ready: () => Promise<Readiness>
  readonly metrics: () => readonly Metric[]
  /** With a token, whoever has it reads the metrics; without, only this machine. */
  readonly metricsToken: string | null
  readonly addressOf: AddressOf
}

/** What load balancers and monitoring ask. `/healthz` depends on nothing: it says that the process answers. */
export function addHealth(app: FastifyInstance, options: HealthOptions): void {
  app.route({ method: ['GET', 'HEAD'], url: '/healthz', handler: async () => ({ status: 'ok' }) })
  app.route({
    method: ['GET', 'HEAD'],
    url: '/readyz',
    handler: async () => {
      const { ready, reasons } = await options.ready()
      if (!ready) throw new ChatError('unavailable', { retryAfterMs: 1000, details: { reasons } })
      return { status: 'ready' }
    },
  })
  app.get('/metrics', async (request, reply) => {
    checkMetricsReader(request, options)
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(exposition(options.metrics()))
  })
}

function checkMetricsReader(
  request: FastifyRequest,
  { metricsToken, addressOf }: HealthOptions,
): void {
  if (metricsToken !== null) {
    const bearer = bearerOf(request)
    if (bearer === null || !equalBytes(digest(bearer), digest(metricsToken)))
      throw new ChatError('unauthenticated')
    return
  }
  // Behind a proxy on the same machine everybody seems to be local, unless the proxy is trusted and says who it is.
  if (!isLoopback(addressOf(request.raw)) || hidesItsSender(request))
    throw new ChatError('not_found')
}

const hidesItsSender = ({ headers }: FastifyRequest): boolean =>
  headers['x-forwarded-for'] !== undefined ||
  headers['forwarded'] !== undefined ||
  headers['via'] !== undefined

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()
