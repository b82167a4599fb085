import { once } from 'node:events'
import { expect } from 'vitest'
import { story } from '../src/cast.ts'
import type { Line } from '../src/doors/line.ts'
import { clientId } from '../src/names.ts'
import { until } from '../src/until.ts'

const errorsOn = ({ frames }: Line) => frames.filter(({ type }) => type === 'error')

story(
  'a frame without sense is answered by an error, and ten of them end the line [CONN-7]',
  async ({ alice }) => {
    const { line } = await alice.connects()
    const frames = [
      'no json',
      '[]',
      '"hello"',
      '7',
      '{}',
      '{"type":"nonsense"}',
      '{"type":"request"}',
      '{"type":"heartbeat","more":1}',
      '{"type":"event","channel":"1","data":{}}',
    ]
    for (const frame of frames) line.sayRaw(frame)
    await until('nine errors', () => errorsOn(line).length === 9)
    expect(
      errorsOn(line).every((frame) => 'error' in frame && frame.error?.code === 'bad_request'),
    ).toBe(true)
    expect(await line.asks('channel.list', {})).toMatchObject({ ok: true })
    line.sayRaw('{')
    expect(await line.isClosed()).toMatchObject({ code: 4400 })
  },
)

story(
  'frames that two readers could understand differently are refused [VAL-11, VAL-10, REQ-5]',
  async ({ alice, opensGroup }) => {
    const { id: channelId } = await opensGroup([])
    const { line } = await alice.connects()
    const send = (text: string, custom: string) => (id: number) =>
      `{"type":"request","id":${id},"op":"message.send","data":{"channelId":"${channelId}","clientId":"${clientId()}","text":${text},"custom":${custom}}}`
    const frames = [
      send('"x"', '{"__proto__":{"a":1}}'),
      send('"x"', '{"constructor":1}'),
      send('"x"', '{"a":1,"a":2}'),
      send('"\\ud83d"', '{}'),
      send('"x"', '{"a":-0}'),
      send('"x"', '{"a":1e999}'),
      send('"x"', '[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]'),
    ]
    for (const raw of frames)
      expect(await line.asks('message.send', null, { raw })).toMatchObject({
        error: { code: 'bad_request' },
      })
    expect(await alice.does('message.history', { channelId })).toMatchObject({ messages: [] })
  },
)

story(
  'a frame that is not text, or too large, ends the line [CONN-3, CONN-4]',
  async ({ alice }) => {
    const { line } = await alice.connects()
    line.sayRaw(Buffer.from('{"type":"heartbeat"}'))
    expect(await line.isClosed()).toMatchObject({ code: 1003 })

    const { line: second, welcome } = await alice.connects()
    second.sayRaw(`{"type":"heartbeat","more":"${'x'.repeat(welcome.limits.frameBytes)}"}`)
    expect([1009, 4413]).toContain((await second.isClosed()).code)
  },
)

story('a second hello changes nothing [HELLO-10]', async ({ alice, bob }) => {
  const { line } = await alice.connects()
  line.say({ type: 'hello', protocol: 1, token: bob.token, device: 'another' })
  expect(await line.sees('error')).toMatchObject({ error: { code: 'bad_request' } })
  expect(await line.asks('user.get', { userId: alice.id })).toMatchObject({
    ok: true,
    data: { user: { id: alice.id } },
  })
})

story(
  'an operation that a socket does not offer is unknown there [REQ-5, AUTH-8]',
  async ({ alice }) => {
    const { line } = await alice.connects()
    for (const op of [
      'no.such',
      'user.upsert',
      'user.deactivate',
      'channel.getOrCreate',
      'ticket.create',
      'constructor',
      '__proto__',
      'message.created',
    ]) {
      const answer = await line.asks(null, {}, { op })
      expect(answer, op).toMatchObject({
        ok: false,
        error: { code: 'bad_request', details: { op: 'unknown' } },
      })
    }
    expect(line.closed).toBeNull()
  },
)

story(
  'every request is answered once, by its own id [REQ-1, REQ-3]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { line } = await alice.connects()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        line.asks(
          'message.send',
          { channelId, clientId: clientId(), text: `number ${index}` },
          { id: 900 - index },
        ),
      ),
    )
    const texts = answers.map(
      (answer) => answer.ok && (answer.data as { message: { text: string } }).message.text,
    )
    expect(texts).toEqual(Array.from({ length: 30 }, (_, index) => `number ${index}`))
    expect(
      await line.asks('channel.list', undefined),
      'an absent input is an empty one',
    ).toMatchObject({
      ok: true,
    })
    await bob.sees(channelId, { text: 'number 29' })
  },
)

story(
  'an id that is still unanswered is not taken a second time [REQ-2]',
  async ({ alice, opensGroup }) => {
    const { id: channelId } = await opensGroup([])
    const { line } = await alice.connects()
    const request = () => ({
      type: 'request',
      id: 5,
      op: 'message.send',
      data: { channelId, clientId: clientId(), text: 'x' },
    })
    let answered: Promise<unknown> = Promise.resolve()
    await inOneBurst(line, () => {
      answered = line.asks('message.send', request().data, { id: 5 })
      line.say(request())
    })
    await answered
    expect(await line.sees('error')).toMatchObject({ error: { code: 'bad_request' } })
    const { messages } = await alice.does('message.history', { channelId })
    expect(messages).toHaveLength(1)
    expect(line.frames.filter((frame) => frame.type === 'response' && frame.id === 5)).toHaveLength(
      1,
    )
  },
)

story(
  'more than 32 unanswered requests are refused, and all are answered [REQ-4, REQ-3]',
  async ({ alice, opensGroup }) => {
    const { id: channelId } = await opensGroup([])
    const { line } = await alice.connects()
    const asked = await inOneBurst(line, () =>
      Array.from({ length: 48 }, () =>
        line.asks('message.send', { channelId, clientId: clientId(), text: 'x' }),
      ),
    )
    const answers = await Promise.all(asked)
    const refused = answers.flatMap((answer) => (answer.ok ? [] : [answer.error]))
    expect(refused.length).toBeGreaterThan(0)
    for (const { code, retryAfterMs } of refused) {
      expect(code).toBe('rate_limited')
      expect(retryAfterMs).toBeGreaterThan(0)
    }
    const { messages } = await alice.does('message.history', { channelId, limit: 100 })
    expect(messages).toHaveLength(48 - refused.length)
  },
)

/** One segment on the wire, so that the server has all of it before it answers any. */
async function inOneBurst<Result>({ ws }: Line, say: () => Result): Promise<Result> {
  const { _socket: socket } = ws as unknown as { readonly _socket: import('node:net').Socket }
  socket.cork()
  const result = say()
  socket.uncork()
  return result
}

story('protocol pings are answered [BEAT-5]', async ({ alice }) => {
  const { line } = await alice.connects()
  const pong = once(line.ws, 'pong')
  line.ws.ping()
  await pong
})

story('after silence the server tells the heads [BEAT-1]', async ({ alice, bob, opensGroup }) => {
  const { id } = await opensGroup([bob])
  const said = await bob.says(id, 'hi')
  const { line, welcome } = await alice.connects({ channels: [{ id, interest: 'full' }] })
  const beat = await line.sees('heartbeat', () => true, welcome.heartbeatMs * 1.1 + 3000)
  expect(beat).toMatchObject({ user: alice.own?.position.seq, heads: { [id]: said.seq } })
  line.say({ type: 'heartbeat' })
  expect(await line.asks('channel.list', {})).toMatchObject({ ok: true })
  expect(errorsOn(line)).toEqual([])
})
