import { gzipSync } from 'node:zlib'
import { LIMITS } from '@tertulia/protocol'
import { request, withBody } from '../requests.ts'
import type { HttpRow } from '../rows.ts'
import type { World } from '../world.ts'

const renamed = '{"name":"evil"}'
const profile = ({ tokens }: World) => ({
  method: 'PATCH',
  path: '/v1/users/me',
  bearer: tokens.alice,
})
const list = ({ tokens }: World) => ({ path: '/v1/channels', bearer: tokens.alice })

type Pair = readonly [string, string]

/** A change of the own profile that would be done, were it not for these headers. */
const typed = (name: string, headers: readonly Pair[]): HttpRow => ({
  name,
  bytes: (world) => request({ ...profile(world), headers, body: renamed }),
  expect: { outcome: 'unsupported_media_type' },
})

const types: readonly HttpRow[] = [
  typed('no Content-Type', []),
  ...[
    'text/plain',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json; charset=utf-8; charset=utf-16',
    'application/json, text/plain',
    'application/jsonp',
    'application/json5',
    'application/merge-patch+json',
    '*/*',
  ].map((type) => typed(`Content-Type ${type}`, [['Content-Type', type]])),
  ...['gzip', 'br', 'deflate', 'GZIP', 'identity, gzip', 'x-evil'].map((encoding) =>
    typed(`Content-Encoding ${encoding}`, [
      ['Content-Type', 'application/json'],
      ['Content-Encoding', encoding],
    ]),
  ),
  {
    name: 'a gzip bomb',
    bytes: (world) =>
      withBody({
        ...profile(world),
        headers: [['Content-Encoding', 'gzip']],
        body: gzipSync(Buffer.alloc(20_000_000, 0x20), { level: 9 }),
      }),
    expect: { outcome: 'unsupported_media_type' },
  },
]

/** What is announced and what comes are not the same. */
const lengths: readonly HttpRow[] = [
  {
    name: 'a body of one byte more than the limit, before it is sent',
    bytes: (world) => withBody({ ...profile(world), length: LIMITS.bodyBytes + 1 }),
    expect: { outcome: 'too_large', closes: true },
  },
  {
    name: 'a body of 10 GB, before it is sent',
    bytes: (world) => withBody({ ...profile(world), length: 10_000_000_000 }),
    expect: { outcome: 'too_large', closes: true },
  },
  {
    name: 'chunks of more than the limit',
    bytes: (world) =>
      withBody({
        ...profile(world),
        length: null,
        headers: [['Transfer-Encoding', 'chunked']],
        body: `${(LIMITS.bodyBytes + 1).toString(16)}\r\n${' '.repeat(LIMITS.bodyBytes + 1)}`,
      }),
    expect: { outcome: 'too_large', closes: true },
  },
  {
    name: 'a Content-Length smaller than the body',
    bytes: (world) => withBody({ ...profile(world), body: renamed, length: 5 }),
    expect: { outcome: 'bad_request' },
  },
  ...['-1', 'abc', '1e3', '0x10', '+15', '15, 15', '15, 16', '', '99999999999999999999'].map(
    (length): HttpRow => ({
      name: `Content-Length "${length}"`,
      bytes: (world) => withBody({ ...profile(world), body: renamed, length }),
      expect: { outcome: ['bad_request', 'too_large'], closes: true },
    }),
  ),
]

const chunked = (
  name: string,
  coding: string,
  body: string,
  more: readonly Pair[] = [],
): HttpRow => ({
  name,
  bytes: (world) =>
    withBody({
      ...profile(world),
      length: null,
      headers: [['Transfer-Encoding', coding], ...more],
      body,
    }),
  expect: { outcome: ['bad_request', 'too_large', 'headers_too_large'], closes: true },
})

const whole = `f\r\n${renamed}\r\n0\r\n\r\n`
const smuggled = '0\r\n\r\nPATCH /v1/users/me HTTP/1.1\r\nX: y'

/** Chunks that two readers could take apart differently. */
const chunks: readonly HttpRow[] = [
  chunked('a chunk size that is none', 'chunked', `zz\r\n${renamed}\r\n0\r\n\r\n`),
  chunked('a negative chunk size', 'chunked', `-f\r\n${renamed}\r\n0\r\n\r\n`),
  chunked('a chunk size of 20 digits', 'chunked', `ffffffffffffffffffff\r\n${renamed}`),
  chunked('a chunk longer than its size', 'chunked', `3\r\n${renamed}\r\n0\r\n\r\n`),
  chunked(
    'chunk extensions of 32 KB',
    'chunked',
    `f;${'x'.repeat(32_768)}\r\n${renamed}\r\n0\r\n\r\n`,
  ),
  chunked(
    'trailers of 64 KB',
    'chunked',
    `f\r\n${renamed}\r\n0\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`,
  ),
  chunked('a line end of a chunk without a return', 'chunked', `f\n${renamed}\n0\n\n`),
  chunked('both a length and chunks', 'chunked', smuggled, [['Content-Length', '6']]),
  chunked('chunked twice', 'chunked, chunked', whole),
  chunked('chunked, then something else', 'chunked, identity', whole),
  chunked('a transfer coding that is not known', 'xchunked', whole),
  chunked('chunked with a tab in front', '\x0bchunked', whole),
]

const listed = (name: string, headers: readonly Pair[], outcome: HttpRow['expect']): HttpRow => ({
  name,
  bytes: (world) => request({ ...list(world), headers }),
  expect: outcome,
})

const headers: readonly HttpRow[] = [
  listed(
    '101 headers',
    Array.from({ length: 101 }, (_, index): Pair => [`x-${index}`, '1']),
    { outcome: 'headers_too_large' },
  ),
  listed(
    '2,000 headers',
    Array.from({ length: 2000 }, (_, index): Pair => [`x-${index}`, '1']),
    { outcome: 'headers_too_large' },
  ),
  listed('headers of 17 KB', [['X-Long', 'x'.repeat(17_000)]], { outcome: 'headers_too_large' }),
  listed('headers of 64 KB', [['X-Long', 'x'.repeat(65_536)]], {
    outcome: 'headers_too_large',
    closes: true,
  }),
  ...['X-HTTP-Method-Override', 'X-Method-Override', 'X-HTTP-Method'].map((name) =>
    listed(`${name}: DELETE`, [[name, 'DELETE']], { outcome: 'done' }),
  ),
  listed('the ETag of somebody else', [['If-None-Match', '"abc"']], { outcome: 'done' }),
  listed('If-None-Match: *', [['If-None-Match', '*']], { outcome: 'done' }),
  listed('a range', [['Range', 'bytes=0-0,0-0,0-0']], { outcome: 'done' }),
  listed('Accept of a page', [['Accept', 'text/html']], {
    outcome: 'done',
    headers: { 'content-type': 'application/json; charset=utf-8' },
  }),
  listed('an expectation that is not known', [['Expect', 'the-unexpected']], { outcome: 'done' }),
  listed(
    'an upgrade to something else',
    [
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQAAP__'],
    ],
    {
      outcome: 'done',
    },
  ),
  listed('a name with a space before its colon', [['X-Evil ', '1']], {
    outcome: 'bad_request',
    closes: true,
  }),
  listed('a name with a character that is none', [['X-(evil)', '1']], {
    outcome: 'bad_request',
    closes: true,
  }),
  listed('a NUL in a value', [['X-Evil', 'a\0b']], { outcome: 'bad_request', closes: true }),
  listed('a lone return in a value', [['X-Evil', 'a\rb: c']], {
    outcome: 'bad_request',
    closes: true,
  }),
  listed('a line that goes on in the next', [['X-Evil', 'a\r\n b']], {
    outcome: ['bad_request', 'done'],
  }),
  listed('a second Host', [['Host', 'evil.example']], { outcome: 'bad_request' }),
  listed('a second Authorization', [['Authorization', 'Bearer evil']], {
    outcome: ['bad_request', 'unauthenticated'],
  }),
  {
    name: 'no Host',
    bytes: (world) => request({ ...list(world), host: null }),
    expect: { outcome: 'bad_request' },
  },
  {
    name: 'a Host of somebody else',
    bytes: (world) =>
      request({
        ...list(world),
        host: 'evil.example',
        headers: [
          ['X-Forwarded-Host', 'evil.example'],
          ['X-Forwarded-Proto', 'evil'],
          ['Forwarded', 'host=evil.example;for=evil'],
          ['X-Original-URL', '/v1/evil'],
          ['X-Rewrite-URL', '/v1/evil'],
        ],
      }),
    expect: { outcome: 'done', headers: { location: null, link: null } },
  },
]

const origins: readonly HttpRow[] = [
  'https://evil.example',
  'null',
  'http://localhost.evil.example',
  'file://',
  'https://evil.example, http://localhost',
].map((origin) =>
  listed(`Origin ${origin}`, [['Origin', origin]], {
    outcome: 'done',
    headers: {
      'access-control-allow-origin': null,
      'access-control-allow-credentials': null,
      vary: 'Authorization, Origin',
    },
  }),
)

export const envelope: readonly HttpRow[] = [
  ...types,
  ...lengths,
  ...chunks,
  ...headers,
  ...origins,
]
