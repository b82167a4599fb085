import { LIMITS, operations } from '@tertulia/protocol'
import { JSON_TYPE, request, withBody } from '../requests.ts'
import type { HttpExpectation, HttpRow } from '../rows.ts'
import type { World } from '../world.ts'

const at = (path: string | ((world: World) => string), expect: HttpExpectation): HttpRow => ({
  name: `GET ${typeof path === 'string' ? shown(path) : path({ ...SAMPLE })}`,
  bytes: (world) =>
    request({ path: typeof path === 'string' ? path : path(world), bearer: world.tokens.alice }),
  expect,
})

/** Only for the names of rows. */
const SAMPLE = { group: '{group}', foreign: '{foreign}' } as World

const shown = (path: string): string =>
  path.length > 80 ? `${path.slice(0, 60)}… of ${path.length} characters` : path

const notFound: HttpExpectation = { outcome: 'not_found' }
const bad: HttpExpectation = { outcome: 'bad_request' }
const neither: HttpExpectation = { outcome: ['bad_request', 'not_found'] }
const hidden: HttpExpectation = { outcome: ['channel.not_found', 'bad_request', 'not_found'] }

/** Another spelling never opens what the plain one does not, and none reaches outside. */
const spellings: readonly HttpRow[] = [
  ...[
    '/',
    '/v1',
    '/v1/',
    '/v1//channels',
    '//v1/channels',
    '/v1/./channels',
    '/v1/x/../channels',
    '/v1/channels/',
    '/V1/channels',
    '/v1/Channels',
    '/v1/channels;param=evil',
    '/v1/channels.json',
    '/v1/channels%2F',
    '/v1%2Fchannels',
    '/v2/channels',
    '/v1/admin',
    '/admin',
    '/.git/config',
    '/.env',
    '/package.json',
    '/server-status',
    '/v1/openapi.json/..',
    '/v1/ws',
    '/v1/ws/',
  ].map((path) => at(path, notFound)),
  ...[
    '/v1/%2e%2e/admin',
    '/v1/channels/../../../../etc/evil',
    '/v1/channels/..%2f..%2fevil',
    '/v1/channels/..%5c..%5cevil',
    '/v1/channels%00',
    '/v1/channels/%00',
    '/v1/channels/1%00',
    '/v1/channels/%2e%2e',
    '/v1/channels/1;evil=1',
    '/v1/users/me/',
    '/v1\\channels',
  ].map((path) => at(path, neither)),
  ...['/v1/channels/%', '/v1/channels/%zz', '/v1/channels/%c0%af', '/v1/channels/%ff'].map((path) =>
    at(path, bad),
  ),
  at((world) => `/v1/channels/${world.foreign}`, { outcome: 'channel.not_found' }),
  at((world) => `/v1/channels/${world.foreign}%20`, hidden),
  at((world) => `/v1/channels/0${world.foreign}`, hidden),
  at((world) => `/v1/channels/${world.foreign}/messages/../messages`, notFound),
  at((world) => `/v1/channels/${world.group}/../${world.foreign}`, hidden),
  at((world) => `/v1/channels/${world.group}%2F..%2F${world.foreign}`, hidden),
  at((world) => `/v1/channels/${world.group}//messages`, hidden),
  at(`/v1/${'x'.repeat(LIMITS.urlBytes)}`, { outcome: 'uri_too_long' }),
  at(`/v1/channels?name=${'x'.repeat(16_384)}`, { outcome: 'uri_too_long' }),
  at(`/v1/channels/${'1'.repeat(1000)}`, { outcome: ['uri_too_long', 'bad_request'] }),
  at(`/${'a/'.repeat(3000)}`, notFound),
]

const QUERIES = [
  'limit=1&limit=9999',
  'limit=1&limit=1',
  'limit=1&%6cimit=2',
  'limit[]=1',
  'limit%5B%5D=1',
  'more=1',
  '__proto__=1',
  'constructor=1',
  'name=%ff',
  'name=%',
  'name=%ED%A0%80',
  'limit=1#evil',
  'limit=1?limit=2',
  '=1',
  '?limit=1',
  '_method=DELETE',
  'access_token=evil',
]

const queries: readonly HttpRow[] = QUERIES.map((query) => at(`/v1/channels?${query}`, bad))

const asked = (name: string, line: string, expect: HttpExpectation): HttpRow => ({
  name,
  bytes: ({ tokens }) =>
    `${line}\r\nHost: localhost\r\nAuthorization: Bearer ${tokens.alice}\r\n\r\n`,
  expect,
})

const broken: HttpExpectation = { outcome: 'bad_request', closes: true }

/** First lines that are none, or of another time. */
const lines: readonly HttpRow[] = [
  asked('a method that is none', 'EVIL /v1/channels HTTP/1.1', broken),
  asked('a method in small letters', 'get /v1/channels HTTP/1.1', broken),
  asked('TRACE', 'TRACE /v1/channels HTTP/1.1', { outcome: ['method_not_allowed', 'not_found'] }),
  asked('CONNECT', 'CONNECT evil.example:443 HTTP/1.1', {
    outcome: ['hung up', 'bad_request', 'method_not_allowed'],
  }),
  asked('HTTP/0.9', 'GET /v1/channels', broken),
  asked('HTTP/1.2', 'GET /v1/channels HTTP/1.2', broken),
  asked('HTTP/9.9', 'GET /v1/channels HTTP/9.9', broken),
  asked('HTTPS/1.1', 'GET /v1/channels HTTPS/1.1', broken),
  asked('two spaces in the first line', 'GET  /v1/channels HTTP/1.1', {
    outcome: ['bad_request', 'done'],
  }),
  asked('a space in the address', 'GET /v1/chan nels HTTP/1.1', broken),
  asked('an address of another server', 'GET http://evil.example/v1/channels HTTP/1.1', {
    outcome: ['done', 'bad_request'],
  }),
  asked('an address of another kind', 'GET file:///etc/evil HTTP/1.1', {
    outcome: ['not_found', 'bad_request'],
  }),
  asked('an address without a path', 'GET evil HTTP/1.1', broken),
  asked('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', broken),
  {
    name: 'the hello of TLS',
    bytes: () => Buffer.from('16030100c8010000c40303'.padEnd(400, '00'), 'hex'),
    expect: broken,
  },
  { name: 'bytes of no meaning', bytes: () => Buffer.alloc(4096, 0xfe), expect: broken },
  { name: '100 KB of no line', bytes: () => 'A'.repeat(100_000), expect: broken },
  {
    name: 'a header without a colon',
    bytes: () => 'GET /v1/channels HTTP/1.1\r\nHost: localhost\r\nevil\r\n\r\n',
    expect: broken,
  },
]

/** Methods that an address does not have; and those that take no body, with one. */
const methods: readonly HttpRow[] = [
  ...['PUT', 'DELETE', 'PATCH'].map(
    (method): HttpRow => ({
      name: `${method} of a list`,
      bytes: ({ tokens }) => request({ method, path: '/v1/channels', bearer: tokens.alice }),
      expect: { outcome: 'method_not_allowed' },
    }),
  ),
  {
    name: 'GET with a body',
    bytes: ({ tokens }) =>
      withBody({ method: 'GET', path: '/v1/channels', bearer: tokens.alice, body: '{"limit":1}' }),
    expect: bad,
  },
  {
    name: 'DELETE with a body',
    bytes: ({ tokens, group, byAlice }) =>
      withBody({
        method: 'DELETE',
        path: `/v1/channels/${group}/messages/${byAlice}`,
        bearer: tokens.alice,
        body: '{"soft":false}',
      }),
    expect: bad,
  },
  {
    name: 'POST with a query',
    bytes: ({ tokens, group }) =>
      withBody({
        path: `/v1/channels/${group}/events?data=evil`,
        bearer: tokens.alice,
        body: '{"name":"x"}',
      }),
    expect: bad,
  },
]

/** Every address answers a preflight without asking who it is. */
const preflights: readonly HttpRow[] = operations.flatMap(({ name, rest }) =>
  rest === null
    ? []
    : [
        {
          name: `OPTIONS for ${name}`,
          bytes: () =>
            request({
              method: 'OPTIONS',
              path: rest.path.replace(/\{\w+\}/g, '1'),
              bearer: 'evil',
              headers: [
                ['Origin', 'https://evil.example'],
                ['Access-Control-Request-Method', rest.method],
                JSON_TYPE,
              ],
            }),
          expect: {
            outcome: 'preflight',
            headers: { 'access-control-allow-origin': null, 'access-control-allow-methods': null },
          },
        },
      ],
)

export const addresses: readonly HttpRow[] = [
  ...spellings,
  ...queries,
  ...lines,
  ...methods,
  ...preflights,
]
