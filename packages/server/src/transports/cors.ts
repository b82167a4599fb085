import type { FastifyReply, FastifyRequest } from 'fastify'
import type { AllowsOrigin } from './origins.ts'

const PREFLIGHT = {
  'Access-Control-Allow-Methods': 'GET, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers': 'Authorization, Content-Type, Idempotency-Key',
  'Access-Control-Max-Age': '600',
}

/**
 * Tells browsers which pages may read answers. A page that is not on the list gets no such header, and its browser
 * keeps the answer from it. Credentials are never allowed: this API knows no cookies.
 */
export function addCorsHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  allowsOrigin: AllowsOrigin,
): void {
  const { origin } = request.headers
  if (origin === undefined || !allowsOrigin(origin)) return
  reply.header('Access-Control-Allow-Origin', origin)
  reply.header('Access-Control-Expose-Headers', 'X-Request-Id, Retry-After')
  if (request.method === 'OPTIONS') reply.headers(PREFLIGHT)
}
