import { expect } from 'vitest'
import { type Cast, story } from '../src/cast.ts'
import { fetchRest, type RestRequest } from '../src/doors/rest.ts'
import { clientId } from '../src/names.ts'

const caller = ({ alice, target }: Pick<Cast, 'alice' | 'target'>) => ({
  url: target.urls[0],
  bearer: alice.token,
  ears: alice.ears,
})
const json = { 'Content-Type': 'application/json' }

story(
  'an unknown path is not found, a known one names its methods [REST-8, REST-6]',
  async (cast) => {
    const ask = (request: RestRequest) => fetchRest(caller(cast), request)
    for (const path of [
      '/v1/nothing',
      '/v1/channels/1/nothing',
      '/v2/channels',
      '/v1',
      '/v1/users/a/b/c',
    ])
      expect(await ask({ method: 'GET', path }), path).toMatchObject({
        status: 404,
        body: { code: 'not_found', status: 404 },
      })
    const { status, body, headers } = await ask({ method: 'DELETE', path: '/v1/channels' })
    expect([status, body]).toMatchObject([405, { code: 'method_not_allowed' }])
    expect(headers.get('allow')).toContain('GET')
    expect(headers.get('allow')).toContain('POST')
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/)
  },
)

story('a body is one JSON object, plainly sent [REST-3, VAL-11, VAL-1]', async (cast) => {
  const send = async (body: string, headers: Record<string, string> = json) => {
    const { status, body: answer } = await fetchRest(caller(cast), {
      method: 'POST',
      path: '/v1/sync',
      body,
      headers,
    })
    return [status, (answer as { code?: string }).code]
  }
  for (const body of [
    '{',
    '[]',
    '"x"',
    'null',
    '7',
    '{"user":null,"user":null}',
    '{"__proto__":{}}',
    '{"a":"\\ud800"}',
    '\uFEFF{}',
    '{"channels":[],}',
  ])
    expect(await send(body), body).toEqual([400, 'bad_request'])
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=latin1',
  ])
    expect(await send('{}', { 'Content-Type': type }), type).toEqual([
      415,
      'unsupported_media_type',
    ])
  expect(await send('{}', { ...json, 'Content-Encoding': 'gzip' })).toEqual([
    415,
    'unsupported_media_type',
  ])
  expect(await send(`{"more":"${'x'.repeat(1_100_000)}"}`)).toEqual([413, 'too_large'])
  expect((await send('{}'))[0]).toBe(200)
})

story('every field has one place [REST-1, REST-2, REST-3, REST-4]', async (cast) => {
  const { alice, opensGroup } = cast
  const { id } = await opensGroup([])
  const ask = async (request: RestRequest) => (await fetchRest(caller(cast), request)).status
  const path = `/v1/channels/${id}/messages`
  const body = (more: object = {}) => JSON.stringify({ text: 'hi', ...more })
  const key = clientId()
  expect(await ask({ method: 'POST', path, headers: json, body: body() }), 'without a key').toBe(
    400,
  )
  expect(
    await ask({ method: 'POST', path, headers: { ...json, 'Idempotency-Key': 'x' }, body: body() }),
    'with a bad key',
  ).toBe(400)
  expect(
    await ask({
      method: 'POST',
      path,
      headers: { ...json, 'Idempotency-Key': key },
      body: body({ clientId: clientId() }),
    }),
    'with two keys',
  ).toBe(400)
  expect(
    await ask({
      method: 'POST',
      path,
      headers: { ...json, 'Idempotency-Key': key },
      body: body({ channelId: id }),
    }),
    'named twice',
  ).toBe(400)
  expect(
    await ask({
      method: 'POST',
      path: `${path}?text=hi`,
      headers: { ...json, 'Idempotency-Key': key },
      body: '{}',
    }),
    'in the query',
  ).toBe(400)
  expect(
    await ask({ method: 'POST', path, headers: { ...json, 'Idempotency-Key': key }, body: body() }),
  ).toBe(200)
  expect(
    await ask({
      method: 'POST',
      path,
      headers: { ...json, 'Idempotency-Key': key },
      body: body({ clientId: key }),
    }),
    'the same key twice',
  ).toBe(200)
  for (const query of [
    '?limit=1&limit=2',
    '?limit=01',
    '?limit=1e1',
    '?limit=',
    '?more=1',
    '?before=-1',
    '?limit=%ZZ',
  ])
    expect(await ask({ method: 'GET', path: path + query }), query).toBe(400)
  expect(await ask({ method: 'GET', path: `${path}?limit=1` })).toBe(200)
  const { messages } = await alice.does('message.history', { channelId: id })
  expect(messages).toHaveLength(1)
})

story(
  'ids that look odd are encoded and found [REST-1, VAL-9]',
  async ({ alice, server, letters }) => {
    alice.door = 'rest'
    const userId = `a.b_@:+=-|${letters}`
    await server.does('user.upsert', { users: [{ id: userId, name: 'Odd' }] })
    expect(await server.does('user.get', { userId })).toMatchObject({ user: { id: userId } })
    expect(await server.does('user.query', { ids: [userId, alice.id] })).toMatchObject({
      users: [{ id: userId }, { id: alice.id }],
    })
    await alice.isRefused('user.get', { userId }, 'user.not_found')
    await alice.isRefused('user.get', { userId: 'a/b' }, 'bad_request')
  },
)

story(
  'an answer is for one caller, and says which request it answers [REST-5, REST-6]',
  async (cast) => {
    const { status, headers, body } = await fetchRest(
      { ...caller(cast), bearer: null },
      { method: 'GET', path: '/v1/channels' },
    )
    expect([status, body]).toMatchObject([
      401,
      { code: 'unauthenticated', requestId: expect.stringMatching(/./) },
    ])
    expect(headers.get('www-authenticate')).toMatch(/^Bearer/)
    expect(headers.get('cache-control')).toContain('no-store')
  },
)

story('the contract can be read from the server', async (cast) => {
  const { status, body } = await fetchRest(caller(cast), {
    method: 'GET',
    path: '/v1/openapi.json',
  })
  expect(status).toBe(200)
  expect(body).toMatchObject({
    openapi: expect.stringMatching(/^3\.1/),
    paths: { '/v1/channels/{channelId}/messages': { post: { operationId: 'message.send' } } },
  })
})
