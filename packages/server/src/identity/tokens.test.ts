import { createHmac } from 'node:crypto'
import { LIMITS } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { createUserTokens, mintToken } from './tokens.ts'

const SECRET = 'a secret that nobody can guess, 2026'
const OTHER = 'the secret of another installation!!'
const NOW = 1_800_000_000_000
const NOW_S = NOW / 1000

const tokens = createUserTokens({ secrets: [SECRET], clock: { now: () => NOW } })

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** A token as anybody could put it together, with whatever header and claims. */
function forge(
  claims: unknown,
  header: unknown = { alg: 'HS256', typ: 'JWT' },
  secret = SECRET,
  hash = 'sha256',
) {
  const signed = `${encode(header)}.${encode(claims)}`
  return `${signed}.${createHmac(hash, secret).update(signed).digest('base64url')}`
}

const good = { sub: 'alice', iat: NOW_S, exp: NOW_S + 3600 }
const codeOf = (token: string) =>
  tokens.verify(token).then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  )

describe('user tokens', () => {
  it('says who and until when', async () => {
    expect(await tokens.verify(forge(good))).toEqual({
      userId: 'alice',
      issuedAt: NOW_S,
      expiresAt: NOW + 3_600_000,
    })
  })

  it('accepts what it mints', async () => {
    const token = await mintToken(SECRET, { userId: 'bob', expiresInSeconds: 60, now: NOW + 999 })
    expect(await tokens.verify(token)).toEqual({
      userId: 'bob',
      issuedAt: NOW_S,
      expiresAt: NOW + 60_000,
    })
  })

  it('ignores claims that would like to grant something', async () => {
    const token = forge({
      ...good,
      role: 'admin',
      server: true,
      scope: '*',
      aud: 'x',
      kind: 'server',
    })
    expect(await tokens.verify(token)).toEqual({
      userId: 'alice',
      issuedAt: NOW_S,
      expiresAt: NOW + 3_600_000,
    })
  })

  it.each([
    ['the signature of another installation', forge(good, undefined, OTHER)],
    ['the empty secret', forge(good, undefined, '')],
    ['no signature', `${encode({ alg: 'none' })}.${encode(good)}.`],
    ['two parts', forge(good).split('.').slice(0, 2).join('.')],
    ['four parts', `${forge(good)}.x`],
    ['padding', `${forge(good)}=`],
    ['a newline', forge(good).replace('.', '.\n')],
    ['a space', ` ${forge(good)}`],
    ['nothing', ''],
    ['20 KB', forge({ ...good, filler: 'x'.repeat(20_000) })],
    ['a changed claim', forge(good).replace(/\.[^.]+\./, `.${encode({ ...good, sub: 'bob' })}.`)],
  ])('refuses %s', async (_, token) => {
    expect(await codeOf(token)).toBe('unauthenticated')
  })

  it.each([
    { alg: 'none' },
    { alg: 'None' },
    { alg: 'HS384' },
    { alg: 'RS256' },
    { alg: 'ES256' },
    { alg: ['HS256'] },
    { alg: 'hs256' },
    {},
    { alg: 'HS256', crit: ['exp'] },
    { alg: 'HS256', crit: [] },
    { alg: 'HS256', b64: false, crit: ['b64'] },
    { alg: 'HS256', b64: true },
    '{"alg":"none","alg":"HS256"}',
    '[]',
    'x',
  ])('refuses the header %j', async (header) => {
    expect(await codeOf(forge(good, header))).toBe('unauthenticated')
  })

  it('does not follow keys that the header names', async () => {
    const header = {
      alg: 'HS256',
      kid: '../../etc/passwd',
      jku: 'https://evil.example',
      jwk: { kty: 'oct', k: 'AA' },
    }
    expect(await codeOf(forge(good, header, OTHER))).toBe('unauthenticated')
  })

  it('refuses the right name of the algorithm over another hash', async () => {
    expect(await codeOf(forge(good, { alg: 'HS256' }, SECRET, 'sha384'))).toBe('unauthenticated')
  })

  it.each([
    ['nothing', {}],
    ['no sub', { ...good, sub: undefined }],
    ['a number as sub', { ...good, sub: 5 }],
    ['a list as sub', { ...good, sub: ['alice'] }],
    ['an object as sub', { ...good, sub: { id: 'alice' } }],
    ['an empty sub', { ...good, sub: '' }],
    ['a sub of 300 characters', { ...good, sub: 'a'.repeat(300) }],
    ['a sub that is no id', { ...good, sub: 'a b' }],
    ['a reserved sub', { ...good, sub: 'me' }],
    ['no exp', { ...good, exp: undefined }],
    ['exp as text', { ...good, exp: String(NOW_S + 60) }],
    ['a fractional exp', { ...good, exp: NOW_S + 60.5 }],
    ['a negative exp', { ...good, exp: -1 }],
    ['an enormous exp', { ...good, exp: 1e20 }],
    ['no iat', { ...good, iat: undefined }],
    ['iat as text', { ...good, iat: String(NOW_S) }],
    ['an iat in the future', { ...good, iat: NOW_S + 31 }],
    ['an nbf in the future', { ...good, nbf: NOW_S + 31 }],
    ['nbf as text', { ...good, nbf: 'soon' }],
    ['a list', []],
    ['a claim given twice', `{"sub":"alice","sub":"bob","iat":${NOW_S},"exp":${NOW_S + 60}}`],
    ['no JSON', 'alice'],
  ])('refuses %s', async (_, claims) => {
    expect(await codeOf(forge(claims))).toBe('unauthenticated')
  })

  it('forgives 30 seconds of clock difference, and no more', async () => {
    const leeway = LIMITS.tokenLeewaySeconds
    expect(await codeOf(forge({ ...good, iat: NOW_S + leeway }))).toBe('accepted')
    expect(await codeOf(forge({ ...good, nbf: NOW_S + leeway }))).toBe('accepted')
    expect(await codeOf(forge({ ...good, iat: NOW_S - 60, exp: NOW_S - leeway + 1 }))).toBe(
      'accepted',
    )
    expect(await codeOf(forge({ ...good, iat: NOW_S - 60, exp: NOW_S - leeway }))).toBe(
      'token_expired',
    )
  })

  it('bounds the life of a token at 30 days', async () => {
    const month = LIMITS.tokenLifeSeconds
    expect(await codeOf(forge({ ...good, exp: NOW_S + month }))).toBe('accepted')
    expect(await codeOf(forge({ ...good, exp: NOW_S + month + 1 }))).toBe('token.too_long_lived')
  })

  it('accepts a second secret while the first is being replaced', async () => {
    const both = createUserTokens({ secrets: [OTHER, SECRET], clock: { now: () => NOW } })
    expect((await both.verify(forge(good))).userId).toBe('alice')
    expect((await both.verify(forge(good, undefined, OTHER))).userId).toBe('alice')
    await expect(both.verify(forge(good, undefined, `${OTHER}?`))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
  })

  it('answers all faults alike, and keeps the reason for the log', async () => {
    const faults = [
      forge(good, { alg: 'none' }),
      forge(good, undefined, OTHER),
      forge({ ...good, sub: 5 }),
      'x',
    ]
    const errors = await Promise.all(
      faults.map((token) => tokens.verify(token).catch((error) => error)),
    )
    expect(
      new Set(errors.map(({ message, details }) => JSON.stringify([message, details]))).size,
    ).toBe(1)
    expect(errors[0].cause.message).toContain('HS256')
  })

  it('takes its key from the bytes of the secret as written', async () => {
    const secret = 'c2VjcmV0IHRoYXQgbG9va3MgbGlrZSBiYXNlNjQ='
    const token = await mintToken(secret, { userId: 'alice', expiresInSeconds: 60, now: NOW })
    const [header, claims, signature] = token.split('.')
    expect(
      createHmac('sha256', Buffer.from(secret, 'utf8'))
        .update(`${header}.${claims}`)
        .digest('base64url'),
    ).toBe(signature)
  })

  it('refuses to mint what no server would accept', () => {
    const wish = { userId: 'alice', expiresInSeconds: 60, now: NOW }
    expect(() => mintToken('too short', wish)).toThrow(RangeError)
    expect(() => mintToken(SECRET, { ...wish, userId: 'a b' })).toThrow(/not a user id/)
    for (const expiresInSeconds of [0, -1, 1.5, LIMITS.tokenLifeSeconds + 1, Number.NaN])
      expect(() => mintToken(SECRET, { ...wish, expiresInSeconds })).toThrow(/cannot live/)
  })
})
