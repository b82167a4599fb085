import { expect } from 'vitest'
import { mustStayOutOfTheLog, story } from '../src/cast.ts'
import { helloFrame, openWith } from '../src/doors/hello.ts'
import { Line } from '../src/doors/line.ts'
import { fetchRest } from '../src/doors/rest.ts'
import { goodToken, nowInSeconds, sign, tokenEndingIn, withBrokenSignature } from '../src/tokens.ts'

story(
  'only good tokens open a line [AUTH-1, AUTH-3, AUTH-7, AUTH-8, HELLO-7]',
  async ({ alice, target }) => {
    const { secret } = target
    const now = nowInSeconds()
    const good = { sub: alice.id, iat: now, exp: now + 600 }
    const token = goodToken(secret, alice.id)
    const [head = '', body = ''] = token.split('.')
    const bad: [string, string][] = [
      ['unauthenticated', withBrokenSignature(token)],
      ['unauthenticated', sign(`${secret}x`, good)],
      ['unauthenticated', `${head}.${body}.`],
      ['unauthenticated', target.apiKey],
      ['unauthenticated', 'nonsense'],
      ['token_expired', tokenEndingIn(secret, alice.id, -40)],
      ['token.too_long_lived', sign(secret, { ...good, exp: now + 31 * 86_400 })],
      ...(['none', 'None', 'HS384', 'RS256', '', ['HS256'], null].map((alg) => [
        'unauthenticated',
        sign(secret, good, { alg, typ: 'JWT' }),
      ]) as [string, string][]),
      ...([
        { ...good, sub: '' },
        { ...good, sub: 7 },
        { ...good, sub: [alice.id] },
        { ...good, sub: 'me' },
        { sub: alice.id },
        { ...good, iat: undefined },
        { ...good, exp: undefined },
        { ...good, exp: String(good.exp) },
        { ...good, exp: good.exp + 0.5 },
        { ...good, iat: now + 60 },
        { ...good, nbf: now + 60 },
      ].map((claims) => ['unauthenticated', sign(secret, claims as never)]) as [string, string][]),
      ['unauthenticated', sign(secret, good, { alg: 'HS256', crit: ['exp'] })],
    ]
    for (const [code, given] of bad) {
      mustStayOutOfTheLog(given)
      const line = await Line.open({ url: target.urls[0], ears: alice.ears })
      line.say(helloFrame({ token: given }))
      expect(await line.isClosed(), given).toMatchObject({ code: 4401 })
      expect(line.frames, given).toMatchObject([{ type: 'error', error: { code } }])
      const { status, body: problem } = await fetchRest(
        { url: target.urls[0], bearer: given, ears: alice.ears },
        {
          method: 'POST',
          path: '/v1/sync',
          body: '{}',
          headers: { 'Content-Type': 'application/json' },
        },
      )
      if (given !== target.apiKey) expect([status, problem], given).toMatchObject([401, { code }])
    }
  },
)

story(
  'claims of a token that are not ours grant nothing [AUTH-3]',
  async ({ alice, bob, target, opensGroup }) => {
    const { id } = await opensGroup([])
    const now = nowInSeconds()
    bob.uses(
      sign(target.secret, {
        sub: bob.id,
        iat: now,
        exp: now + 600,
        role: 'admin',
        server: true,
        scope: '*',
        kind: 'server',
      }),
    )
    bob.door = 'rest'
    await bob.isRefused('user.upsert', { users: [{ id: bob.id }] }, 'forbidden')
    await bob.isRefused('channel.get', { channelId: id }, 'channel.not_found')
    expect(alice.line.closed).toBeNull()
  },
)

story(
  'a token in the header of the handshake does as well [AUTH-10]',
  async ({ alice, target }) => {
    const { welcome } = await openWith(
      {},
      {
        url: target.urls[0],
        ears: alice.ears,
        socket: { headers: { Authorization: `Bearer ${alice.token}` } },
      },
    )
    expect(welcome.me.id).toBe(alice.id)
  },
)

story('a ticket opens one line, once [AUTH-11]', async ({ alice, bob, target }) => {
  const { ticket, expiresAt } = await alice.does('ticket.create', {})
  mustStayOutOfTheLog(ticket)
  expect(expiresAt).toBeLessThanOrEqual(Date.now() + 31_000)
  const options = { url: target.urls[0], ears: alice.ears, query: `?ticket=${ticket}` }
  const { welcome } = await openWith({}, options)
  expect(welcome.me.id).toBe(alice.id)

  for (const query of [`?ticket=${ticket}`, '?ticket=made-up', '?ticket=']) {
    const again = await Line.open({ ...options, query, ears: bob.ears }).catch(
      (error: unknown) => error,
    )
    if (again instanceof Line) {
      again.say(helloFrame())
      expect(await again.isClosed(), query).toMatchObject({ code: 4401 })
      expect(again.frames).toMatchObject([{ type: 'error', error: { code: 'unauthenticated' } }])
    } else expect(again).toMatchObject({ status: 401 })
  }
  await bob.seesNothingOf(alice.id)
})

story(
  'a ticket is worth nothing once its user is shut out [AUTH-11, CONN-10]',
  async ({ alice, server, target }) => {
    const { ticket } = await alice.does('ticket.create', {})
    mustStayOutOfTheLog(ticket)
    await server.does('user.revokeTokens', { userId: alice.id })
    const line = await Line.open({
      url: target.urls[0],
      ears: alice.ears,
      query: `?ticket=${ticket}`,
    })
    line.say(helloFrame())
    expect(await line.isClosed()).toMatchObject({ code: 4401 })
  },
)

story('a token has no place in an address [AUTH-12, URL-6]', async ({ alice, target }) => {
  const url = target.urls[0]
  await expect(
    Line.open({ url, ears: alice.ears, query: `?token=${alice.token}` }),
  ).rejects.toMatchObject({ status: 400, problem: { code: 'token.in_url' } })
  const { status, body } = await fetchRest(
    { url, bearer: null, ears: alice.ears },
    { method: 'GET', path: `/v1/channels?token=${alice.token}` },
  )
  expect([status, body]).toMatchObject([400, { code: 'token.in_url' }])
})
