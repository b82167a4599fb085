import { createHmac, generateKeyPairSync, sign as signWith } from 'node:crypto'
import { type Claims, goodToken, nowInSeconds, sign, withBrokenSignature } from '../../tokens.ts'
import type { TokenRow } from '../rows.ts'
import type { World } from '../world.ts'

const good = ({ ids }: World) => ({
  sub: ids.alice,
  iat: nowInSeconds(),
  exp: nowInSeconds() + 600,
})
const token = ({ secret, ids }: World): string => goodToken(secret, ids.alice)
const parts = (world: World): [string, string, string] =>
  token(world).split('.') as [string, string, string]
const encoded = (text: string): string => Buffer.from(text).toString('base64url')

/** Signs texts as they are, JSON or not. */
function signed(secret: string, head: string, body: string): string {
  const content = `${encoded(head)}.${encoded(body)}`
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`
}

const row = (
  name: string,
  make: (world: World) => string,
  more: Partial<TokenRow> = {},
): TokenRow => ({
  name,
  token: make,
  expect: 'unauthenticated',
  ...more,
})

const shapes: readonly TokenRow[] = [
  row('a word', () => 'nonsense'),
  row('two dots', () => '..', { door: 'rest' }),
  row('two parts', (world) => parts(world).slice(0, 2).join('.')),
  row('four parts', (world) => `${token(world)}.x`),
  row('five parts, as of an encrypted one', (world) => `${token(world)}.x.y`),
  row('no signature', (world) => parts(world).slice(0, 2).concat('').join('.')),
  row('no header', (world) => ['', ...parts(world).slice(1)].join('.')),
  row('padding', (world) => `${token(world)}=`),
  row('the alphabet of plain base64', (world) => `+/${token(world).slice(2)}`),
  row('a header that is no base64', (world) => ['!!!', ...parts(world).slice(1)].join('.')),
  row('a newline inside', (world) => token(world).replace('.', '.\n'), { door: 'socket' }),
  row('a space in front', (world) => ` ${token(world)}`, { door: 'socket' }),
  row('NUL behind', (world) => `${token(world)}\0`, { door: 'socket' }),
  row('9 KB', (world) => `${token(world)}${'x'.repeat(9000)}`, { door: 'rest' }),
  row('20 KB', (world) => `${token(world)}${'x'.repeat(20_000)}`, {
    door: 'rest',
    expect: 'headers_too_large',
  }),
  row('20 KB in the hello', (world) => `${token(world)}${'x'.repeat(20_000)}`, {
    door: 'socket',
    expect: 'bad_request',
  }),
  row('an empty token', () => '', { door: 'socket', expect: 'bad_request' }),
  row('a claim of 7 KB', (world) => sign(world.secret, { ...good(world), sub: 'x'.repeat(5000) })),
]

const ALGORITHMS = [
  'none',
  'None',
  'NONE',
  'nOnE',
  '',
  'hs256',
  'HS384',
  'HS512',
  'RS256',
  'ES256',
  'PS256',
  'EdDSA',
  null,
  ['HS256'],
  { alg: 'HS256' },
  256,
  true,
  undefined,
]

const headers: readonly TokenRow[] = [
  ...ALGORITHMS.map((alg) =>
    row(`alg ${JSON.stringify(alg)}`, (world) =>
      sign(world.secret, good(world), { alg, typ: 'JWT' }),
    ),
  ),
  row(
    'alg none without a signature',
    (world) => `${encoded('{"alg":"none","typ":"JWT"}')}.${parts(world)[1]}.`,
    { door: 'rest' },
  ),
  row('crit', (world) => sign(world.secret, good(world), { alg: 'HS256', crit: ['exp'] })),
  row('b64', (world) => sign(world.secret, good(world), { alg: 'HS256', b64: false })),
  row('alg twice', (world) =>
    signed(world.secret, '{"alg":"none","alg":"HS256"}', JSON.stringify(good(world))),
  ),
  row('a header that is a list', (world) =>
    signed(world.secret, '["HS256"]', JSON.stringify(good(world))),
  ),
  row('a header that is no JSON', (world) =>
    signed(world.secret, 'alg=HS256', JSON.stringify(good(world))),
  ),
  row('a header with __proto__', (world) =>
    signed(world.secret, '{"__proto__":{"alg":"HS256"}}', JSON.stringify(good(world))),
  ),
]

const ownKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { privateKey, jwk: publicKey.export({ format: 'jwk' }) }
}

/** Signed, but not by the app. */
const signatures: readonly TokenRow[] = [
  row('a signature with one bit changed', (world) => withBrokenSignature(token(world))),
  row('another secret', (world) => sign(`${world.secret}x`, good(world))),
  row('half of the secret', (world) => sign(world.secret.slice(0, 32), good(world))),
  row('an empty secret', (world) => sign('', good(world))),
  row('the API key for a secret', (world) => sign(world.apiKey, good(world))),
  row('the id of the user for a secret', (world) => sign(world.ids.alice, good(world))),
  row('the claims of somebody else under a good signature', (world) => {
    const [head, , signature] = parts(world)
    return `${head}.${encoded(JSON.stringify({ ...good(world), sub: world.ids.bob }))}.${signature}`
  }),
  ...(
    [
      { kid: '../../../../dev/null' },
      { kid: "x' UNION SELECT ''" },
      { jku: 'https://evil.example/keys' },
      { x5u: 'https://evil.example/keys' },
      { x5c: ['MIIB'] },
    ] as const
  ).map((more) =>
    row(`an empty secret and ${JSON.stringify(more)}`, (world) =>
      sign('', good(world), { alg: 'HS256', ...more }),
    ),
  ),
  row('a key of its own in the header', (world) => {
    const { privateKey, jwk } = ownKey()
    const content = `${encoded(JSON.stringify({ alg: 'ES256', jwk }))}.${parts(world)[1]}`
    const signature = signWith('sha256', Buffer.from(content), {
      key: privateKey,
      dsaEncoding: 'ieee-p1363',
    })
    return `${content}.${signature.toString('base64url')}`
  }),
  row('a signature in hexadecimal', (world) => {
    const [head, body, signature] = parts(world)
    return `${head}.${body}.${Buffer.from(signature, 'base64url').toString('hex')}`
  }),
]

const claimed = (
  name: string,
  more: Readonly<Record<string, unknown>>,
  expect = 'unauthenticated' as TokenRow['expect'],
): TokenRow =>
  row(name, (world) => sign(world.secret, { ...good(world), ...more } as Claims), { expect })

const at = (seconds: number): number => nowInSeconds() + seconds
const DAY = 86_400

const claims: readonly TokenRow[] = [
  ...['{}', '[]', 'null', '"alice"', '1', '{', '', '{"sub":"alice"}'].map((body) =>
    row(`the claims ${body || 'of nothing'}`, (world) =>
      signed(world.secret, '{"alg":"HS256"}', body),
    ),
  ),
  row('sub twice', (world) => {
    const { iat, exp, sub } = good(world)
    return signed(
      world.secret,
      '{"alg":"HS256"}',
      `{"sub":"x","sub":"${sub}","iat":${iat},"exp":${exp}}`,
    )
  }),
  row('claims with a byte that is no UTF-8', (world) => {
    const body = Buffer.concat([Buffer.from('{"sub":"'), Buffer.from([0xff]), Buffer.from('"}')])
    const content = `${encoded('{"alg":"HS256"}')}.${body.toString('base64url')}`
    return `${content}.${createHmac('sha256', world.secret).update(content).digest('base64url')}`
  }),
  ...[
    '',
    ' ',
    'me',
    '.',
    '..',
    'a b',
    'a/b',
    'a\u0000',
    'x'.repeat(129),
    'é',
    7,
    null,
    true,
    [],
    ['alice'],
    {},
    undefined,
  ].map((sub) => claimed(`sub ${JSON.stringify(sub)?.slice(0, 20)}`, { sub })),
  ...[undefined, null, '1999999999', at(600) + 0.5, -1, true, [at(600)], {}, 'tomorrow'].map(
    (exp) => claimed(`exp ${JSON.stringify(exp)?.replace(/\d{6,}/, '…')}`, { exp }),
  ),
  row('exp 1e400', (world) => {
    const { iat, sub } = good(world)
    return signed(world.secret, '{"alg":"HS256"}', `{"sub":"${sub}","iat":${iat},"exp":1e400}`)
  }),
  ...[undefined, null, '1', 0.5, -1, at(90)].map((iat) =>
    claimed(`iat ${JSON.stringify(iat)?.replace(/\d{6,}/, 'of the future')}`, { iat }),
  ),
  claimed('exp 1e20', { exp: 1e20 }),
  claimed('exp in milliseconds', { exp: Date.now() + 600_000 }, 'token.too_long_lived'),
  claimed('a life of 31 days', { exp: at(31 * DAY) }, 'token.too_long_lived'),
  claimed('a life since long ago', { iat: at(-40 * DAY) }, 'token.too_long_lived'),
  claimed('an end 31 seconds ago', { iat: at(-600), exp: at(-31) }, 'token_expired'),
  claimed('an end long ago', { iat: 1, exp: 2 }, 'token_expired'),
  claimed('nbf in five minutes', { nbf: at(300) }),
  ...['0', null, -1, 0.5, [], 1e20].map((nbf) => claimed(`nbf ${JSON.stringify(nbf)}`, { nbf })),
]

const people: readonly TokenRow[] = [
  row('somebody deactivated', ({ tokens }) => tokens.erin, { expect: 'user.deactivated' }),
  row('a token of before the revocation', ({ tokens }) => tokens.frank),
  row('an API key on a line', ({ apiKey }) => apiKey, { door: 'socket' }),
  row('an API key that was never made', () => `tsk_${'a'.repeat(43)}`),
  row('the beginning of an API key', ({ apiKey }) => apiKey.slice(0, -1)),
  row('an API key with a dot', ({ apiKey }) => `${apiKey}.`),
  row('the app secret', ({ secret }) => secret),
]

/** What proves nothing, by whichever door it comes [AUTH-1, AUTH-3, AUTH-7]. */
export const tokens: readonly TokenRow[] = [
  ...shapes,
  ...headers,
  ...signatures,
  ...claims,
  ...people,
]
