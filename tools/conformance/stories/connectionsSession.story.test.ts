import { expect } from 'vitest'
import { mustStayOutOfTheLog, story } from '../src/cast.ts'
import { goodToken, sign, tokenEndingIn, withBrokenSignature } from '../src/tokens.ts'

story(
  'a device that connects again takes the place of its older line [CONN-1]',
  async ({ alice, bob }) => {
    const { line: first } = await alice.connects({ device: 'phone' })
    const { line: other } = await alice.connects({ device: 'tablet' })
    const { line: his } = await bob.connects({ device: 'phone' })
    const { line: second } = await alice.connects({ device: 'phone' })
    expect(await first.isClosed()).toMatchObject({ code: 4409 })
    for (const line of [other, his, second])
      expect(await line.asks('channel.list', {})).toMatchObject({ ok: true })
  },
)

story('the twenty-first line of a user ends the oldest [CONN-2]', async ({ alice, bob }) => {
  const lines = []
  for (let index = 0; index < 20; index++) lines.push((await alice.connects()).line)
  expect(await alice.line.isClosed()).toMatchObject({ code: 4409 })
  expect(lines.every(({ closed }) => closed === null)).toBe(true)
  await alice.connects()
  expect(await lines[0]?.isClosed()).toMatchObject({ code: 4409 })
  expect(bob.line.closed).toBeNull()
})

story(
  'a token that ends soon is announced, and renewed without a new line [CONN-8]',
  async ({ alice, bob, target, opensGroup }) => {
    const { id } = await opensGroup([bob])
    const token = tokenEndingIn(target.secret, alice.id, 4)
    mustStayOutOfTheLog(token)
    const { line } = await alice.connects({ token, channels: [{ id, interest: 'full' }] })
    const { expiresInMs } = await line.sees('auth')
    expect(expiresInMs).toBeGreaterThan(0)
    expect(expiresInMs).toBeLessThanOrEqual(2000)

    const fresh = goodToken(target.secret, alice.id)
    mustStayOutOfTheLog(fresh)
    const renewed = await line.asks('session.renew', { token: fresh })
    expect(renewed).toMatchObject({ ok: true })
    if (renewed.ok)
      expect((renewed.data as { expiresAt: number }).expiresAt).toBeGreaterThan(
        Date.now() + 3_000_000,
      )
    const said = await bob.says(id, 'still there?')
    await line.sees('event', ({ seq, channel }) => channel === id && seq === said.seq)
  },
)

story(
  'without a new token the line ends thirty seconds after the expiry; with one it does not [CONN-9, AUTH-5]',
  async ({ alice, target }) => {
    const ending = tokenEndingIn(target.secret, alice.id, -26)
    mustStayOutOfTheLog(ending)
    const { line } = await alice.connects({ token: ending })
    const { line: renewed } = await alice.connects({ token: ending })
    expect(await renewed.asks('session.renew', { token: alice.token })).toMatchObject({ ok: true })
    expect(await line.isClosed(12_000)).toMatchObject({ code: 4401 })
    expect(await renewed.asks('channel.list', {})).toMatchObject({ ok: true })
  },
)

story('a new token of somebody else ends the line [CONN-9]', async ({ alice, bob }) => {
  const { line } = await alice.connects()
  expect(await line.asks('session.renew', { token: bob.token })).toMatchObject({
    ok: false,
    error: { code: 'forbidden' },
  })
  expect(await line.isClosed()).toMatchObject({ code: 4403 })
  expect(bob.line.closed).toBeNull()
})

story('a bad new token is refused, and the old one goes on [CONN-8]', async ({ alice, target }) => {
  const { line } = await alice.connects()
  const now = Math.floor(Date.now() / 1000)
  const bad: [string, string][] = [
    ['unauthenticated', withBrokenSignature(alice.token)],
    ['unauthenticated', target.apiKey],
    ['token_expired', tokenEndingIn(target.secret, alice.id, -60)],
    [
      'token.too_long_lived',
      sign(target.secret, { sub: alice.id, iat: now, exp: now + 40 * 86_400 }),
    ],
  ]
  for (const [code, token] of bad) {
    mustStayOutOfTheLog(token)
    expect(await line.asks('session.renew', { token })).toMatchObject({
      ok: false,
      error: { code },
    })
  }
  expect(await line.asks('session.renew', {})).toMatchObject({
    ok: false,
    error: { code: 'bad_request' },
  })
  expect(await line.asks('channel.list', {})).toMatchObject({ ok: true })
})

story(
  'a line that was renewed before a revocation ends with the others [CONN-10]',
  async ({ alice, server, target }) => {
    const { line } = await alice.connects()
    const fresh = goodToken(target.secret, alice.id)
    mustStayOutOfTheLog(fresh)
    await line.asks('session.renew', { token: fresh })
    await server.does('user.revokeTokens', { userId: alice.id })
    expect(await line.isClosed(1000)).toMatchObject({ code: 4401 })
  },
)
