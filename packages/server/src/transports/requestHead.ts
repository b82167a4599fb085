import type { IncomingMessage } from 'node:http'
import { ChatError, LIMITS } from '@tertulia/protocol'
import { refusedField } from './problem.ts'

/** What Node keeps the first of and drops the others: somebody in front of us may have read the last one. */
const SINGLE_HEADERS = ['host', 'authorization', 'content-type']

/** What holds for the head of every request, whatever it asks for: its size, its version, its host. */
export function checkRequestHead({ url = '', rawHeaders, httpVersion, headers }: IncomingMessage) {
  if (url.length > LIMITS.urlBytes)
    throw new ChatError('uri_too_long', { details: { limit: LIMITS.urlBytes } })
  if (rawHeaders.length / 2 > LIMITS.headers)
    throw new ChatError('headers_too_large', { details: { limit: LIMITS.headers } })
  if (bytesOf(rawHeaders) > LIMITS.headerBytes)
    throw new ChatError('headers_too_large', { details: { limit: LIMITS.headerBytes } })
  // Without a version in its first line a request counts as 0.9.
  if (httpVersion !== '1.1' && httpVersion !== '1.0') throw refusedField('', 'must be HTTP/1.1')
  if (httpVersion === '1.1' && headers.host === undefined)
    throw refusedField('', 'the Host header is missing')
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
  for (const single of SINGLE_HEADERS)
    if (names.indexOf(single) !== names.lastIndexOf(single))
      throw refusedField('', `the ${single} header must be given once`)
}

/** Names and values with the four bytes that separate them on the wire. */
const bytesOf = (rawHeaders: readonly string[]): number =>
  rawHeaders.reduce((bytes, part) => bytes + part.length + 2, 0)
