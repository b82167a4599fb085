import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { devTokens } from './devTokens.ts'
import { openHttp, sendRaw } from './http.suite.ts'

describe('dev tokens', () => {
  const extension = devTokens({
    users: ['alice', 'bob'],
    mint: async (userId) => `token of ${userId}`,
  })

  async function ask(
    changes: (port: number) => Record<string, string | undefined>,
    body = '{"userId":"alice"}',
  ) {
    await using server = openHttp({ extensions: [extension] })
    await server.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = server.app.server.address() as AddressInfo
    const own = {
      Host: `127.0.0.1:${port}`,
      Origin: `http://127.0.0.1:${port}`,
      'Content-Type': 'application/json',
    }
    const headers = {
      ...own,
      'Content-Length': String(body.length),
      Connection: 'close',
      ...changes(port),
    }
    const lines = Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : `${name}: ${value}`,
    )
    const answer = await sendRaw(
      server.app,
      `POST /dev/token HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`,
    )
    return {
      status: Number(answer.split(' ')[1]),
      body: JSON.parse(answer.split('\r\n\r\n')[1] ?? ''),
    }
  }

  it('are for the page of this server', async () => {
    expect(await ask(() => ({}))).toEqual({ status: 200, body: { token: 'token of alice' } })
    const localhost = (port: number) => ({
      Host: `localhost:${port}`,
      Origin: `http://localhost:${port}`,
    })
    expect((await ask(localhost, '{"userId":"bob"}')).body).toEqual({ token: 'token of bob' })
  })

  it.each([
    ['another page', () => ({ Origin: 'https://evil.example' })],
    ['a page on another port', () => ({ Origin: 'http://127.0.0.1:3000' })],
    ['no page', () => ({ Origin: undefined })],
    ['a nameless page', () => ({ Origin: 'null' })],
    [
      'a name that was pointed here',
      (port: number) => ({ Host: `evil.example:${port}`, Origin: `http://evil.example:${port}` }),
    ],
    ['another name of this machine', (port: number) => ({ Origin: `http://localhost:${port}` })],
    ['a proxy', () => ({ 'X-Forwarded-For': '203.0.113.5' })],
  ])('are not for %s', async (_, changes) => {
    expect(await ask(changes)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it.each(['{"userId":"charlie"}', '{"userId":"alice","expiresInSeconds":1}', '{}', '', '[]'])(
    'are not given for %s',
    async (body) => {
      expect(await ask(() => ({}), body)).toMatchObject({
        status: 400,
        body: { code: 'bad_request' },
      })
    },
  )

  it('are absent otherwise', async () => {
    await using server = openHttp()
    expect((await server.app.inject({ method: 'POST', url: '/dev/token' })).statusCode).toBe(404)
  })

  it('are not for other machines', async () => {
    await using server = openHttp({ extensions: [extension] })
    const answer = await server.app.inject({
      method: 'POST',
      url: '/dev/token',
      remoteAddress: '203.0.113.5',
    })
    expect(answer.statusCode).toBe(403)
  })
})
