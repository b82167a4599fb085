import { ChatError, LIMITS } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { ALICE, CHANNEL, openHttp, sendRaw } from './http.suite.ts'

const messages = `/v1/channels/${CHANNEL}/messages`

describe('errors', () => {
  it('are problem documents with code, request id and details', async () => {
    await using server = openHttp({
      calls: {
        call: async () => {
          throw new ChatError('channel.not_found', { details: { field: 'channelId' } })
        },
      },
    })
    const answer = await server.app.inject({ url: messages, headers: ALICE })
    expect(answer.statusCode).toBe(404)
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8')
    expect(answer.json()).toEqual({
      type: 'urn:tertulia:error:channel.not_found',
      title: 'There is no such channel, or you may not see it.',
      status: 404,
      detail: expect.stringContaining('Check the id'),
      code: 'channel.not_found',
      message: expect.stringContaining('Check the id'),
      requestId: answer.headers['x-request-id'],
      details: { field: 'channelId' },
    })
  })

  it('of our own making tell the caller nothing, and the log everything', async () => {
    const cause = new Error('SELECT secret FROM /var/lib')
    await using server = openHttp({
      calls: {
        call: async () => {
          throw cause
        },
      },
    })
    const answer = await server.app.inject({ url: messages, headers: ALICE })
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal' })
    expect(answer.body).not.toMatch(/SELECT|var/)
    expect(server.logged).toContainEqual({
      level: 'error',
      fields: expect.objectContaining({ err: cause }),
    })
  })

  it('name the methods of a known address', async () => {
    await using server = openHttp()
    for (const method of ['PUT', 'PATCH', 'DELETE', 'HEAD', 'TRACE', 'PROPFIND'] as const) {
      const answer = await server.app.inject({ method: method as 'PUT', url: '/v1/users' })
      expect(answer.statusCode).toBe(405)
      expect(answer.headers['allow']).toBe('POST, GET, OPTIONS')
    }
    expect((await server.app.inject({ method: 'POST', url: '/healthz' })).headers['allow']).toBe(
      'GET, HEAD, OPTIONS',
    )
  })

  it.each([
    '/v1/nowhere',
    '/v1//users',
    '/v1/users/',
    '/v1/%2e%2e/users',
    '/V1/users',
    '/v1/users;a=b',
    '/.git/config',
  ])('say 404 for %s', async (url) => {
    await using server = openHttp()
    const answer = await server.app.inject({ url, headers: ALICE })
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found' })
    expect(server.calls).toEqual([])
  })

  it('say 404 for dots, which no router may resolve', async () => {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    for (const path of ['/v1/./users', '/v1/users/../users', '/v1/channels/../users/alice/..'])
      expect(
        await sendRaw(
          server.app,
          `GET ${path} HTTP/1.1\r\nHost: a\r\nAuthorization: ${ALICE.authorization}\r\nConnection: close\r\n\r\n`,
        ),
      ).toContain('HTTP/1.1 404')
    expect(server.calls).toEqual([])
  })

  it('say 400 for a path that cannot be decoded', async () => {
    await using server = openHttp()
    const answer = await server.app.inject({ url: '/v1/users/%zz', headers: ALICE })
    expect(answer.json()).toMatchObject({ status: 400, code: 'bad_request' })
    expect(answer.headers['x-request-id']).toBe(answer.json().requestId)
    expect(answer.headers['cache-control']).toBe('no-store, private')
  })

  it('say 414 for an address that is too long, as a whole or in one part', async () => {
    await using server = openHttp()
    for (const url of [
      `/v1/users?name=${'x'.repeat(LIMITS.urlBytes)}`,
      `/v1/users/${'x'.repeat(500)}`,
    ])
      expect((await server.app.inject({ url, headers: ALICE })).json()).toMatchObject({
        status: 414,
        code: 'uri_too_long',
      })
  })

  it('say 431 for too many headers, and for too long ones', async () => {
    await using server = openHttp()
    const many = Object.fromEntries(
      [...Array(LIMITS.headers + 1).keys()].map((n) => [`x-${n}`, '1']),
    )
    for (const headers of [many, { 'x-long': 'x'.repeat(LIMITS.headerBytes) }])
      expect((await server.app.inject({ url: '/v1/users', headers })).json()).toMatchObject({
        status: 431,
        code: 'headers_too_large',
      })
  })
})
