import { handshake, request } from '../requests.ts'
import type { HttpExpectation, HttpRow } from '../rows.ts'

const refused: HttpExpectation = { outcome: 'bad_request', closes: true }
const big: HttpExpectation = { outcome: ['headers_too_large', 'bad_request'], closes: true }

const headers = (
  name: string,
  other: Readonly<Record<string, string | null>>,
  expect = refused,
): HttpRow => ({ name, bytes: () => handshake(other), expect })

/** Handshakes that are none, or that want what this door does not give [URL-6]. */
export const handshakes: readonly HttpRow[] = [
  ...['8', '12', '14', '0', 'evil', '13, 8', '', '013'].map((version) =>
    headers(
      `version "${version}"`,
      { 'Sec-WebSocket-Version': version },
      {
        ...refused,
        headers: { 'sec-websocket-version': '13' },
      },
    ),
  ),
  headers('no version', { 'Sec-WebSocket-Version': null }),
  headers('no key', { 'Sec-WebSocket-Key': null }),
  ...[
    'x',
    '',
    'dGhlIHNhbXBsZSBub25jZQ',
    'dGhlIHNhbXBsZSBub25jZQ==, x',
    '!!!!!!!!!!!!!!!!!!!!!!==',
  ].map((key) => headers(`the key "${key}"`, { 'Sec-WebSocket-Key': key })),
  headers('32 KB of subprotocols', { 'Sec-WebSocket-Protocol': 'x'.repeat(32_768) }, big),
  headers('17 KB of another header', { 'X-Long': 'x'.repeat(17_000) }, big),
  {
    name: '200 headers',
    bytes: () =>
      handshake(Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`x-${index}`, '1']))),
    expect: big,
  },
  headers('the same subprotocol twice', { 'Sec-WebSocket-Protocol': 'a, a' }),
  headers('subprotocols that cannot be read', { 'Sec-WebSocket-Protocol': 'a,,b' }),
  headers(
    'subprotocols that nobody knows',
    { 'Sec-WebSocket-Protocol': 'tertulia.v9.json' },
    {
      outcome: 'switched',
      headers: { 'sec-websocket-protocol': null },
    },
  ),
  headers(
    'an extension that is not known',
    { 'Sec-WebSocket-Extensions': 'x-evil; a=1' },
    {
      outcome: 'switched',
      headers: { 'sec-websocket-extensions': null },
    },
  ),
  headers(
    'compression',
    { 'Sec-WebSocket-Extensions': 'permessage-deflate; client_max_window_bits' },
    {
      outcome: 'switched',
      headers: { 'sec-websocket-extensions': null },
    },
  ),
  headers(
    'an extension 600 times',
    { 'Sec-WebSocket-Extensions': Array(600).fill('permessage-deflate').join(',') },
    { outcome: ['switched', 'bad_request'] },
  ),
  headers(
    'a page of somebody else',
    { Origin: 'https://evil.example' },
    {
      outcome: 'origin_not_allowed',
      closes: true,
    },
  ),
  headers(
    'a page without an origin',
    { Origin: 'null' },
    {
      outcome: 'origin_not_allowed',
      closes: true,
    },
  ),
  headers('no wish to upgrade', { Connection: 'close' }, { outcome: 'not_found' }),
  headers('an upgrade to something else', { Upgrade: 'h2c' }, { outcome: 'not_found' }),
  {
    name: 'HTTP/1.0',
    bytes: () => handshake({}, { version: '1.0' }),
    expect: { outcome: ['bad_request', 'not_found'] },
  },
  { name: 'no Host', bytes: () => handshake({}, { host: null }), expect: refused },
  { name: 'two Hosts', bytes: () => handshake({ Host: 'evil.example' }), expect: refused },
  ...['POST', 'PUT', 'DELETE'].map(
    (method): HttpRow => ({
      name: method,
      bytes: () => handshake({}, { method }),
      expect: { outcome: 'method_not_allowed', closes: true, headers: { allow: 'GET' } },
    }),
  ),
  { name: 'a body', bytes: () => handshake({}, { body: '{}' }), expect: refused },
  {
    name: 'chunks',
    bytes: () =>
      handshake({ 'Transfer-Encoding': 'chunked' }, { body: '2\r\n{}\r\n0\r\n\r\n', length: null }),
    expect: refused,
  },
  ...[
    '/v1/ws/',
    '/v1/ws/x',
    '/v1/channels',
    '/',
    '//v1/ws',
    '/v1/%77s',
    '/V1/WS',
    '/v1/ws%00',
    '/v1/ws;x',
  ].map(
    (path): HttpRow => ({
      name: `the path ${path}`,
      bytes: () => handshake({}, { path }),
      expect: { outcome: 'not_found', closes: true },
    }),
  ),
  {
    name: 'an address of 9 KB',
    bytes: () => handshake({}, { path: `/v1/ws?x=${'x'.repeat(9000)}` }),
    expect: { outcome: 'uri_too_long', closes: true },
  },
  ...['token', '%74oken', 'x=1&token'].map(
    (name): HttpRow => ({
      name: `?${name}= with a good token`,
      bytes: ({ tokens }) => handshake({}, { path: `/v1/ws?${name}=${tokens.alice}` }),
      expect: { outcome: 'token.in_url', closes: true },
    }),
  ),
]

/** A token where none belongs [AUTH-9, AUTH-12]. */
export const misplacedTokens: readonly HttpRow[] = [
  ...['token', '%74oken', 'limit=1&token'].map(
    (name): HttpRow => ({
      name: `?${name}= with a good token`,
      bytes: ({ tokens }) => request({ path: `/v1/channels?${name}=${tokens.alice}` }),
      expect: { outcome: 'token.in_url' },
    }),
  ),
  {
    name: 'a good token in the address beside a good one in the header',
    bytes: ({ tokens }) =>
      request({ path: `/v1/channels?token=${tokens.alice}`, bearer: tokens.alice }),
    expect: { outcome: 'token.in_url' },
  },
  ...(
    [
      ['a cookie', (token) => ['Cookie', `token=${token}; Authorization=Bearer ${token}`]],
      ['X-Api-Key', (token) => ['X-Api-Key', token]],
      ['Proxy-Authorization', (token) => ['Proxy-Authorization', `Bearer ${token}`]],
      ['another scheme', (token) => ['Authorization', `Basic ${token}`]],
      ['no scheme', (token) => ['Authorization', token]],
      ['two words behind Bearer', (token) => ['Authorization', `Bearer evil ${token}`]],
      ['a list of schemes', (token) => ['Authorization', `Basic evil, Bearer ${token}`]],
      ['a parameter', (token) => ['Authorization', `Bearer token="${token}"`]],
      ['nothing behind Bearer', () => ['Authorization', 'Bearer ']],
    ] as readonly (readonly [string, (token: string) => readonly [string, string]])[]
  ).map(
    ([name, header]): HttpRow => ({
      name,
      bytes: ({ tokens }) => request({ path: '/v1/channels', headers: [header(tokens.alice)] }),
      expect: { outcome: 'unauthenticated' },
    }),
  ),
]
