import { request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LIMITS } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { ALICE, CHANNEL, openHttp, sendRaw } from './http.suite.ts'

describe('answers', () => {
  it.each(['/v1/users', '/v1/nowhere', '/healthz', '/v1/users?token=a'])(
    'of %s are safe to handle',
    async (url) => {
      await using server = openHttp({ behindTls: true })
      const { headers } = await server.app.inject({ url, headers: ALICE })
      expect(headers).toMatchObject({
        'cache-control': 'no-store, private',
        vary: 'Authorization, Origin',
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
        'referrer-policy': 'no-referrer',
        'strict-transport-security': 'max-age=31536000',
        'x-request-id': expect.stringMatching(/^r_[\w-]{16}$/),
      })
    },
  )

  it('promise TLS only where there is TLS', async () => {
    await using server = openHttp()
    expect((await server.app.inject({ url: '/healthz' })).headers).not.toHaveProperty(
      'strict-transport-security',
    )
  })

  it('reflect neither the host nor a request id of the caller', async () => {
    await using server = openHttp()
    const headers = {
      ...ALICE,
      host: 'evil.example',
      'x-forwarded-host': 'evil.example',
      'x-request-id': 'evil',
    }
    const answer = await server.app.inject({ url: '/v1/users', headers })
    expect(JSON.stringify([answer.headers, answer.body])).not.toContain('evil')
  })

  it('obey the real method only', async () => {
    await using server = openHttp()
    const url = `/v1/channels/${CHANNEL}`
    await server.app.inject({ url, headers: { ...ALICE, 'x-http-method-override': 'DELETE' } })
    expect(server.calls[0]?.op).toBe('channel.get')
  })
})

describe('pages of other origins', () => {
  it.each([
    'https://evil.example',
    'null',
    'https://app.example.evil',
    'https://evilapp.example',
    'http://app.example',
    'https://app.example:8443',
    'HTTPS://APP.EXAMPLE',
    'http://localhost:3000',
  ])('such as %s may not read', async (origin) => {
    await using server = openHttp()
    for (const method of ['GET', 'OPTIONS'] as const) {
      const { headers } = await server.app.inject({
        method,
        url: '/v1/users',
        headers: { ...ALICE, origin },
      })
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })

  it('on the list may, errors included, and never with cookies', async () => {
    await using server = openHttp()
    const origin = 'https://app.example'
    for (const headers of [{ ...ALICE, origin }, { origin }]) {
      const answer = await server.app.inject({ url: '/v1/users', headers })
      expect(answer.headers['access-control-allow-origin']).toBe(origin)
      expect(answer.headers['access-control-expose-headers']).toContain('X-Request-Id')
      expect(answer.headers).not.toHaveProperty('access-control-allow-credentials')
    }
  })

  it('are told in advance, on every address, without a look at who asks', async () => {
    await using server = openHttp()
    for (const url of ['/v1/users', `/v1/channels/${CHANNEL}/messages`, '/healthz', '/nowhere']) {
      const headers = {
        ...ALICE,
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
      }
      const answer = await server.app.inject({ method: 'OPTIONS', url, headers })
      expect(answer.statusCode).toBe(204)
      expect(answer.headers['access-control-allow-headers']).toContain('Authorization')
      expect(answer.headers['access-control-allow-methods']).toContain('DELETE')
    }
    expect(server.authentications()).toBe(0)
  })
})

describe('what is not even a request', () => {
  async function answerTo(text: string | Uint8Array) {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const answer = await sendRaw(server.app, text)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    return { head, problem: JSON.parse(body) }
  }

  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400, 'bad_request'],
    ['an unknown method', 'FETCH / HTTP/1.1\r\nHost: a\r\n\r\n', 400, 'bad_request'],
    ['a header with NUL', 'GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n', 400, 'bad_request'],
    [
      'two lengths',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      400,
      'bad_request',
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'bad_request',
    ],
    [
      'a bad chunk',
      'POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      400,
      'bad_request',
    ],
    [
      '64 KB of headers',
      `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(65_536)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    [
      '2,000 headers',
      `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'x: 1\r\n'.repeat(2000)}\r\n`,
      431,
      'headers_too_large',
    ],
    [
      'an address of 16 KB',
      `GET /${'x'.repeat(16_384)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
      414,
      'uri_too_long',
    ],
    [
      'an address of 60 KB',
      `GET /${'x'.repeat(60_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      414,
      'uri_too_long',
    ],
    ['no Host', 'GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
    [
      'two Hosts',
      'GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n',
      400,
      'bad_request',
    ],
    ['no version', 'GET /healthz\r\nHost: a\r\nConnection: close\r\n\r\n', 400, 'bad_request'],
    [
      'a body for a GET',
      'GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}',
      400,
      'bad_request',
    ],
  ])('gets a problem document: %s', async (_, text, status, code) => {
    const { head, problem } = await answerTo(text)
    expect(head).toContain(`HTTP/1.1 ${status}`)
    expect(head.toLowerCase()).toContain('content-type: application/problem+json')
    expect(head.toLowerCase()).toContain('connection: close')
    expect(head.toLowerCase()).toContain(`x-request-id: ${problem.requestId.toLowerCase()}`)
    expect(problem).toMatchObject({ status, code })
  })

  it('is served as usual when it expects what nobody knows', async () => {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const odd = 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\nConnection: close\r\n\r\n'
    expect(await sendRaw(server.app, odd)).toContain('200 OK')
  })

  it('is served as usual when it only offers to speak something else', async () => {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    server.app.server.on('upgrade', (_, socket) => socket.destroy())
    const offer =
      'GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings, close\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n\r\n'
    expect(await sendRaw(server.app, offer)).toContain('200 OK')
  })
})

describe('a body that nobody will read', () => {
  it('ends the connection, so that it is not taken for the next request', async () => {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const head = `POST /v1/channels/${CHANNEL}/messages HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n`
    const answer = await sendRaw(server.app, `${head}Content-Length: 100\r\n\r\n{"text":`)
    expect(answer).toContain('HTTP/1.1 401')
    expect(answer.toLowerCase()).toContain('connection: close')
  })
})

describe('a body that is too large', () => {
  it('is refused by its length alone, and the connection ends', async () => {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const head = [
      `POST /v1/channels/${CHANNEL}/messages HTTP/1.1`,
      'Host: a',
      `Authorization: ${ALICE.authorization}`,
      'Content-Type: application/json',
      `Content-Length: ${LIMITS.bodyBytes + 1}`,
    ]
    const answer = await sendRaw(server.app, `${head.join('\r\n')}\r\n\r\n{"text":`)
    expect(answer).toContain('HTTP/1.1 413')
    expect(answer.toLowerCase()).toContain('connection: close')
    expect(answer).toContain('too_large')
  })

  it('does not lose its answer to a client that is still sending', async () => {
    await using server = openHttp()
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = server.app.server.address() as AddressInfo
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => {
        const { promise, resolve } = Promise.withResolvers<number | string>()
        const headers = { ...ALICE, 'content-type': 'application/json' }
        const path = `/v1/channels/${CHANNEL}/messages`
        const sent = request({ port, method: 'POST', path, headers, agent: false }, (answer) => {
          answer.resume()
          resolve(answer.statusCode ?? 0)
        })
        sent.on('error', (error) => resolve(error.message))
        sent.end(Buffer.alloc(LIMITS.bodyBytes + 1, ' '))
        return promise
      }),
    )
    expect(statuses).toEqual(Array(20).fill(413))
  })
})
