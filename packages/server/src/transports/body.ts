import { ChatError } from '@tertulia/protocol'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { parseStrictJson } from '../kernel/strictJson.ts'
import { refusedField } from './problem.ts'

/** A body as it was read. */
export class JsonBody {
  readonly value: unknown
  /** As it arrived. */
  readonly bytes: number

  constructor(value: unknown, bytes: number) {
    this.value = value
    this.bytes = bytes
  }
}

/** The body of a request, or null when it has none. */
export const bodyOf = (request: FastifyRequest): JsonBody | null =>
  request.body instanceof JsonBody ? request.body : null

/** Makes an instance read plain JSON in UTF-8 and nothing else. */
export function readJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, async (_: FastifyRequest, bytes: Buffer) =>
    parseBody(bytes),
  )
}

/** An empty body is none, whatever its type says: many clients name a type for every request. */
function parseBody(bytes: Buffer): JsonBody | undefined {
  return bytes.length === 0 ? undefined : new JsonBody(parseStrictJson(decode(bytes)), bytes.length)
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function decode(bytes: Buffer): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw refusedField('', 'must be UTF-8')
  }
}

const JSON_TYPE = /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i

/** Refuses other types and encodings by the headers alone, before a byte of the body is read. */
export function checkBodyHeaders({ method, headers }: FastifyRequest): void {
  if (!announcesBody(headers)) return
  // Nobody would read it: the framework leaves the body of a GET lying.
  if (method === 'GET') throw refusedField('', 'a GET takes no body')
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    throw new ChatError('unsupported_media_type')
  if (!JSON_TYPE.test(headers['content-type'] ?? '')) throw new ChatError('unsupported_media_type')
}

const announcesBody = (headers: FastifyRequest['headers']): boolean =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'
