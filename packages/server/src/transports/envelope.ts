import { ChatError } from '@tertulia/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkBodyHeaders } from './body.ts'
import { addCorsHeaders } from './cors.ts'
import type { AllowsOrigin } from './origins.ts'
import { hasField, queryOf } from './query.ts'
import { checkRequestHead } from './requestHead.ts'

export interface EnvelopeOptions {
  readonly allowsOrigin: AllowsOrigin
  readonly behindTls: boolean
}

/** For answers that are data: nothing may store, sniff, frame or run them. */
const SAFE_HEADERS = {
  'Cache-Control': 'no-store, private',
  Vary: 'Authorization, Origin',
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
}

const TLS_HEADERS = { 'Strict-Transport-Security': 'max-age=31536000' }

export function addSafeHeaders(
  request: FastifyRequest,
  reply: FastifyReply,
  options: EnvelopeOptions,
): void {
  reply.headers(SAFE_HEADERS).header('X-Request-Id', request.id)
  if (options.behindTls) reply.headers(TLS_HEADERS)
  addCorsHeaders(request, reply, options.allowsOrigin)
}

/** What holds for every request and every answer, before anybody asks who it is. */
export function guardEnvelope(app: FastifyInstance, options: EnvelopeOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    addSafeHeaders(request, reply, options)
    checkRequestHead(request.raw)
    if (hasField(queryOf(request.raw.url ?? ''), 'token')) throw new ChatError('token.in_url')
    if (request.method === 'OPTIONS') return reply.code(204).send()
    checkBodyHeaders(request)
  })
}
