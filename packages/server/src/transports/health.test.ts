import { describe, expect, it } from 'vitest'
import { createAddressOf } from './clientAddress.ts'
import { openHttp } from './http.suite.ts'

describe('health', () => {
  it('is an answer, whatever else is broken', async () => {
    const broken = () => Promise.reject(new Error('no store'))
    await using server = openHttp({ ready: broken, draining: () => true })
    expect((await server.app.inject({ url: '/healthz' })).json()).toEqual({ status: 'ok' })
    expect((await server.app.inject({ method: 'HEAD', url: '/healthz' })).statusCode).toBe(200)
  })

  it('tells whether the node wants work, and why not', async () => {
    let reasons: string[] = []
    await using server = openHttp({ ready: async () => ({ ready: reasons.length === 0, reasons }) })
    expect((await server.app.inject({ url: '/readyz' })).json()).toEqual({ status: 'ready' })
    reasons = ['draining']
    const answer = await server.app.inject({ url: '/readyz' })
    expect(answer.json()).toMatchObject({ status: 503, code: 'unavailable', details: { reasons } })
    expect(answer.headers['retry-after']).toBe('1')
  })
})

describe('metrics', () => {
  const metrics = () => [
    { name: 'connections', kind: 'gauge' as const, help: 'Open sockets.', value: 3 },
  ]
  const TEXT =
    '# HELP tertulia_connections Open sockets.\n# TYPE tertulia_connections gauge\ntertulia_connections 3\n'

  it('are for this machine alone', async () => {
    await using server = openHttp({ metrics })
    const answer = await server.app.inject({ url: '/metrics' })
    expect(answer.body).toBe(TEXT)
    expect(answer.headers['content-type']).toContain('version=0.0.4')
    const afar = await server.app.inject({ url: '/metrics', remoteAddress: '203.0.113.5' })
    expect(afar.statusCode).toBe(404)
  })

  it('are not for everybody behind a proxy on this machine', async () => {
    const addressOf = createAddressOf(['127.0.0.1'])
    for (const changes of [{ metrics }, { metrics, addressOf }]) {
      await using server = openHttp(changes)
      const headers = { 'x-forwarded-for': '203.0.113.5' }
      expect((await server.app.inject({ url: '/metrics', headers })).statusCode).toBe(404)
    }
  })

  it('are for whoever has the token, from anywhere', async () => {
    await using server = openHttp({ metrics, metricsToken: 'metrics-token-1' })
    const ask = async (authorization?: string) =>
      (
        await server.app.inject({
          url: '/metrics',
          remoteAddress: '203.0.113.5',
          headers: authorization ? { authorization } : {},
        })
      ).statusCode
    const local = await server.app.inject({ url: '/metrics' })
    expect(local.statusCode).toBe(401)
    expect(await ask()).toBe(401)
    expect(await ask('Bearer metrics-token-2')).toBe(401)
    expect(await ask('Bearer metrics-token-1')).toBe(200)
  })
})

describe('documents', () => {
  it('of the contract are for everybody', async () => {
    await using server = openHttp()
    expect((await server.app.inject({ url: '/v1/openapi.json' })).json()).toMatchObject({
      openapi: '3.1.0',
    })
    expect((await server.app.inject({ url: '/v1/asyncapi.json' })).json()).toMatchObject({
      asyncapi: expect.stringMatching(/^3\./),
    })
  })
})
