import type { Limits } from '@tertulia/protocol'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { limitsDocument } from '../limitsDocument.ts'

/**
 * The contract for machines: OpenAPI for this door, AsyncAPI for the WebSocket, and every bound of this server. Built
 * when first asked for.
 */
export function addDocuments(app: FastifyInstance, limits: Limits): void {
  const openApi = once(async () => (await import('@tertulia/protocol/documents')).openApiDocument())
  const asyncApi = once(async () =>
    (await import('@tertulia/protocol/documents')).asyncApiDocument(),
  )
  app.get('/v1/openapi.json', async (_, reply) => send(reply, await openApi()))
  app.get('/v1/asyncapi.json', async (_, reply) => send(reply, await asyncApi()))
  app.get('/v1/limits', async (_, reply) => send(reply, JSON.stringify(limitsDocument(limits))))
}

/** The text of a document, made once. */
function once(build: () => Promise<unknown>): () => Promise<string> {
  let text: Promise<string> | null = null
  return () => (text ??= build().then((document) => JSON.stringify(document)))
}

const send = (reply: FastifyReply, text: string) =>
  reply.type('application/json; charset=utf-8').send(text)
