import { LIMITS } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { ALICE, CHANNEL, openHttp, SERVER } from './http.suite.ts'

const ID = '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21'
const messages = `/v1/channels/${CHANNEL}/messages`

describe('routes', () => {
  it('hand the operation its input from path and query, by the types of the contract', async () => {
    await using server = openHttp()
    const answer = await server.app.inject({
      url: `${messages}?before=50&limit=20`,
      headers: ALICE,
    })
    expect(answer.statusCode).toBe(200)
    expect(answer.json()).toEqual({ answered: 'message.history' })
    expect(server.calls).toEqual([
      {
        actor: { kind: 'user', uid: '7', id: 'alice' },
        op: 'message.history',
        input: { channelId: CHANNEL, before: 50, limit: 20 },
        requestId: answer.headers['x-request-id'],
        bytes: 18,
      },
    ])
  })

  it('hand the operation its input from path and body', async () => {
    await using server = openHttp()
    const body = JSON.stringify({ clientId: ID, text: 'lunch?' })
    await server.app.inject({
      method: 'POST',
      url: messages,
      headers: { ...SERVER, 'content-type': 'application/json' },
      body,
    })
    expect(server.calls).toMatchObject([
      {
        actor: { kind: 'server', keyId: '41' },
        op: 'message.send',
        input: { channelId: CHANNEL, clientId: ID, text: 'lunch?' },
        bytes: body.length,
      },
    ])
  })

  it('decode what a path may hold', async () => {
    await using server = openHttp()
    await server.app.inject({ url: '/v1/users/a%40b%7Cc%2Fd+e', headers: ALICE })
    expect(server.calls[0]?.input).toEqual({ userId: 'a@b|c/d+e' })
    await server.app.inject({
      method: 'POST',
      url: `/v1/users/${'%7C'.repeat(128)}/deactivate`,
      headers: SERVER,
    })
    expect(server.calls[1]?.input).toEqual({ userId: '|'.repeat(128) })
  })

  it('split lists at commas', async () => {
    await using server = openHttp()
    await server.app.inject({ url: '/v1/users?ids=alice,bob', headers: ALICE })
    expect(server.calls[0]?.input).toEqual({ ids: ['alice', 'bob'] })
  })

  it('take a missing body for an empty one', async () => {
    await using server = openHttp()
    await server.app.inject({ method: 'POST', url: `/v1/channels/${CHANNEL}/join`, headers: ALICE })
    await server.app.inject({
      method: 'DELETE',
      url: `/v1/channels/${CHANNEL}`,
      headers: { ...ALICE, 'content-type': 'application/json' },
    })
    expect(server.calls.map(({ op, input }) => [op, input])).toEqual([
      ['member.join', { channelId: CHANNEL }],
      ['channel.delete', { channelId: CHANNEL }],
    ])
  })

  it.each([
    ['a name given twice', { url: `${messages}?limit=1&limit=9999` }, 'limit'],
    ['a name given twice in disguise', { url: `${messages}?limit=1&%6cimit=9999` }, 'limit'],
    ['an unknown name', { url: `${messages}?colour=red` }, 'colour'],
    ['the name of a prototype', { url: `${messages}?__proto__=1` }, '__proto__'],
    ['a field of the path in the query', { url: `${messages}?channelId=1` }, 'channelId'],
    ['a broken percent code', { url: `${messages}?limit=%zz` }, ''],
    ['a query beside a body', { method: 'POST', url: `${messages}?text=a`, payload: {} }, ''],
    [
      'a field in path and body',
      { method: 'POST', url: messages, payload: { channelId: '1' } },
      'channelId',
    ],
    [
      'a body beside a query',
      { method: 'DELETE', url: `/v1/channels/${CHANNEL}`, payload: { a: 1 } },
      '',
    ],
  ] as const)('refuse %s', async (_, request, path) => {
    await using server = openHttp()
    const answer = await server.app.inject({ ...request, headers: ALICE })
    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'bad_request', details: { fields: [{ path }] } })
    expect(server.calls).toEqual([])
  })

  it('leave what does not look like its type to the contract', async () => {
    await using server = openHttp()
    for (const limit of ['5.5', '1e3', '01', '-0', '0x10', ' 1', 'true', ''])
      await server.app.inject({
        url: `${messages}?limit=${encodeURIComponent(limit)}`,
        headers: ALICE,
      })
    expect(server.calls.map(({ input }) => (input as { limit: unknown }).limit)).toEqual([
      '5.5',
      '1e3',
      '01',
      '-0',
      '0x10',
      ' 1',
      'true',
      '',
    ])
  })
})

describe('the Idempotency-Key header', () => {
  const send = (payload: object, key: string) => ({
    method: 'POST' as const,
    url: messages,
    headers: { ...ALICE, 'idempotency-key': key },
    payload,
  })

  it('fills the client id, quoted or bare', async () => {
    await using server = openHttp()
    await server.app.inject(send({ text: 'a' }, ID))
    await server.app.inject(send({ text: 'a' }, `"${ID}"`))
    await server.app.inject(send({ text: 'a', clientId: ID }, ID))
    expect(server.calls.map(({ input }) => input)).toEqual(
      Array(3).fill({ channelId: CHANNEL, text: 'a', clientId: ID }),
    )
  })

  it('must not differ from the body', async () => {
    await using server = openHttp()
    const answer = await server.app.inject(send({ text: 'a', clientId: ID }, ID.replace('0', '1')))
    expect(answer.json()).toMatchObject({
      status: 400,
      details: { fields: [{ path: 'clientId' }] },
    })
  })

  it('means nothing to operations without a key', async () => {
    await using server = openHttp()
    await server.app.inject({ url: '/v1/users', headers: { ...ALICE, 'idempotency-key': ID } })
    expect(server.calls[0]?.input).toEqual({})
  })
})

describe('who asks', () => {
  it.each([
    {},
    { authorization: 'Bearer stolen' },
    { authorization: 'Bearer' },
    { authorization: 'alice.s.token' },
    { authorization: 'Basic YWxpY2U6YQ==' },
    { cookie: 'token=alice.s.token' },
    { 'x-api-key': 'tsk_server' },
  ])('is refused with %j', async (headers) => {
    await using server = openHttp()
    const answer = await server.app.inject({ url: '/v1/users', headers })
    expect(answer.statusCode).toBe(401)
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/)
    expect(answer.json()).toMatchObject({ code: 'unauthenticated' })
    expect(server.calls).toEqual([])
  })

  it('is asked before the body is read', async () => {
    await using server = openHttp()
    const answer = await server.app.inject({ method: 'POST', url: messages, payload: { a: 1 } })
    expect(answer.statusCode).toBe(401)
    const malformed = {
      method: 'POST' as const,
      url: messages,
      headers: { 'content-type': 'application/json' },
    }
    expect((await server.app.inject({ ...malformed, payload: '{' })).statusCode).toBe(401)
  })

  it('pays with the bucket of the network when nobody is proven, and only then', async () => {
    await using server = openHttp({
      limits: { ...LIMITS, addressRequestsPerSecond: 1, addressRequestsBurst: 2 },
    })
    const statusOf = async (headers: object) =>
      (await server.app.inject({ url: '/v1/users', headers: { ...headers } })).statusCode
    expect([await statusOf({}), await statusOf({}), await statusOf({})]).toEqual([401, 401, 429])
    expect(await statusOf(ALICE)).toBe(200)
    const refused = await server.app.inject({ url: '/v1/users' })
    expect(refused.headers['retry-after']).toBe('1')
    expect(refused.json()).toMatchObject({ code: 'rate_limited', retryAfterMs: 1000 })
    server.pass(1000)
    expect(await statusOf({})).toBe(401)
  })

  it.each(['?token=abc', '?limit=1&token=abc', '?%74oken=abc', '?token'])(
    'must not stand in the address: %s',
    async (query) => {
      await using server = openHttp()
      for (const url of [`/v1/users${query}`, `/nowhere${query}`]) {
        const answer = await server.app.inject({ url, headers: ALICE })
        expect(answer.json()).toMatchObject({ status: 400, code: 'token.in_url' })
      }
    },
  )
})

describe('a node that stops', () => {
  it('refuses operations and still says that it lives', async () => {
    await using server = openHttp({ draining: () => true })
    const answer = await server.app.inject({ url: '/v1/users', headers: ALICE })
    expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable' })
    expect(answer.headers['retry-after']).toBe('10')
    expect((await server.app.inject({ url: '/healthz' })).statusCode).toBe(200)
  })
})
