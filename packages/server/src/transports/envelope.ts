import { ChatError, LIMITS } from '@tertulia/protocol'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { checkBodyHeaders } from './body.ts'
import { addCorsHeaders } from './cors.ts'
import type { AllowsOrigin } from './origins.ts'
import { refusedField } from './problem.ts'
import { hasField, queryOf } from './query.ts'

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
    checkHead(request)
    if (request.method === 'OPTIONS') return reply.code(204).send()
    checkBodyHeaders(request)
  })
}

function checkHead({ raw }: FastifyRequest): void {
  const { url = '', rawHeaders, httpVersion, headers } = raw
  if (url.length > LIMITS.urlBytes)
    throw new ChatError('uri_too_long', { details: { limit: LIMITS.urlBytes } })
  if (rawHeaders.length / 2 > LIMITS.headers)
    throw new ChatError('headers_too_large', { details: { limit: LIMITS.headers } })
  if (bytesOf(rawHeaders) > LIMITS.headerBytes)
    throw new ChatError('headers_too_large', { details: { limit: LIMITS.headerBytes } })
  if (httpVersion === '1.1' && headers.host === undefined)
    throw refusedField('', 'the Host header is missing')
  if (hasField(queryOf(url), 'token')) throw new ChatError('token.in_url')
}

/** Names and values with the four bytes that separate them on the wire. */
const bytesOf = (rawHeaders: readonly string[]): number =>
  rawHeaders.reduce((bytes, part) => bytes + part.length + 2, 0)
