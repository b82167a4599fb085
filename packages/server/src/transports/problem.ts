import { ChatError, type ErrorCode, errorTable, type Problem } from '@tertulia/protocol'
import { unavailableBy } from '../kernel/unavailable.ts'

export const PROBLEM_TYPE = 'application/problem+json; charset=utf-8'

/** The problem document (RFC 9457) of an error. */
export function problemOf(error: ChatError, requestId: string): Problem {
  const { code, message, status, retryAfterMs, details } = error
  return {
    type: `urn:tertulia:error:${code}`,
    title: errorTable[code].what,
    status,
    detail: message,
    code,
    message,
    requestId,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(details !== undefined && { details: details as Problem['details'] }),
  }
}

/** Headers that an error brings along, whatever else the answer has. */
export function headersOf({ status, retryAfterMs }: ChatError): Record<string, string> {
  return {
    ...(status === 401 && { 'WWW-Authenticate': 'Bearer realm="tertulia"' }),
    ...(retryAfterMs !== undefined && { 'Retry-After': String(Math.ceil(retryAfterMs / 1000)) }),
  }
}

/** What Fastify and Node call it, and what we do. Anything else of theirs in the 400s is a `bad_request`. */
const codesOfOthers: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_MAX_PARAM_LENGTH: 'uri_too_long',
  FST_ERR_NOT_FOUND: 'not_found',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** Any thrown thing as the error that a caller may see. */
export function asChatError(error: unknown): ChatError {
  if (error instanceof ChatError) return error
  const unavailable = unavailableBy(error)
  if (unavailable) return unavailable
  const { code, statusCode } = fieldsOf(error)
  const known = typeof code === 'string' ? codesOfOthers[code] : undefined
  if (known) return new ChatError(known, { cause: error })
  const theirs = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500
  return new ChatError(theirs ? 'bad_request' : 'internal', { cause: error })
}

const fieldsOf = (error: unknown): { code?: unknown; statusCode?: unknown } =>
  typeof error === 'object' && error !== null ? error : {}

/** The refusal of one field. `path` is its name, never its content. */
export const refusedField = (path: string, message: string): ChatError =>
  new ChatError('bad_request', { details: { fields: [{ path, message }] } })
