import { LIMITS } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { ALICE, CHANNEL, openHttp } from './http.suite.ts'

const url = `/v1/channels/${CHANNEL}/messages`

async function send(
  payload: string | Buffer,
  headers: Record<string, string> = { 'content-type': 'application/json' },
) {
  await using server = openHttp()
  const answer = await server.app.inject({
    method: 'POST',
    url,
    headers: { ...ALICE, ...headers },
    payload,
  })
  return { status: answer.statusCode, problem: answer.json(), input: server.calls[0]?.input }
}

describe('bodies', () => {
  it.each([
    'application/json',
    'application/json; charset=utf-8',
    'Application/JSON;charset="UTF-8"',
  ])('are read as %s', async (type) => {
    expect((await send('{"text":"é"}', { 'content-type': type })).input).toEqual({
      channelId: CHANNEL,
      text: 'é',
    })
  })

  it.each([
    ['no type', {}],
    ['text', { 'content-type': 'text/plain' }],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['a relative of JSON', { 'content-type': 'application/json-patch+json' }],
    ['UTF-16', { 'content-type': 'application/json; charset=utf-16' }],
    ['Latin-1', { 'content-type': 'application/json; charset=iso-8859-1' }],
    ['nonsense', { 'content-type': 'application/json; boundary=x' }],
    ['gzip', { 'content-type': 'application/json', 'content-encoding': 'gzip' }],
  ])('are refused with 415 as %s', async (_, headers) => {
    expect(await send('{"text":"a"}', headers)).toMatchObject({
      status: 415,
      problem: { code: 'unsupported_media_type' },
    })
  })

  it.each([
    '{',
    'null',
    '[]',
    '"x"',
    '1',
    'true',
    '\uFEFF{}',
    '{"text":"a","text":"b"}',
    '{"__proto__":{}}',
    '{"a":1e400}',
    ' ',
  ])('are refused with 400 as %j', async (body) => {
    expect(await send(body)).toMatchObject({
      status: 400,
      problem: { code: 'bad_request' },
      input: undefined,
    })
  })

  it.each([[[0xff]], [[0xc0, 0xaf]], [[0xed, 0xa0, 0x80]], [[0xe2, 0x82]]])(
    'are refused with 400 when they are no UTF-8: %j',
    async (bytes) => {
      const body = Buffer.concat([Buffer.from('{"text":"'), Buffer.from(bytes), Buffer.from('"}')])
      expect(await send(body)).toMatchObject({ status: 400, problem: { code: 'bad_request' } })
    },
  )

  it('are refused with 413 one byte above the limit', async () => {
    const withLength = (length: number) => `{"text":"${'x'.repeat(length - '{"text":""}'.length)}"}`
    expect((await send(withLength(LIMITS.bodyBytes))).status).toBe(200)
    expect(await send(withLength(LIMITS.bodyBytes + 1))).toMatchObject({
      status: 413,
      problem: { code: 'too_large' },
    })
  })

  it('are refused in little time for a million brackets', async () => {
    const started = performance.now()
    expect((await send('['.repeat(1_000_000))).status).toBe(400)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
