import { once } from 'node:events'
import { connect } from 'node:net'
import { SUBPROTOCOL } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { openDoor, sendRaw } from './websocket.suite.ts'

const PARTY = '101'
const KEY = 'dGhlIHNhbXBsZSBub25jZQ=='

describe('the handshake', () => {
  it('opens without an origin, and from an origin of the list', async () => {
    await using door = await openDoor()
    for (const options of [{}, { origin: 'https://app.example' }]) {
      const client = door.connect('/v1/ws', options)
      expect(await client.outcome()).toBe('open')
      expect(client.ws.extensions).toBe('')
    }
    expect(door.gateway.counts()).toMatchObject({ connections: 2, unproven: 2 })
  })

  it.each([
    'https://evil.example',
    'null',
    'https://app.example.evil',
    'https://evilapp.example',
    'http://app.example',
    'https://app.example:8443',
    'HTTPS://APP.EXAMPLE',
    'https://app.example, https://evil.example',
    'http://localhost:3000',
  ])('is refused from the page %s', async (origin) => {
    await using door = await openDoor()
    const client = door.connect('/v1/ws', { origin })
    expect(await client.outcome()).toMatchObject({
      status: 403,
      headers: { 'content-type': 'application/problem+json; charset=utf-8', connection: 'close' },
      problem: { code: 'origin_not_allowed', status: 403, requestId: expect.stringMatching(/^r_/) },
    })
    expect(door.gateway.counts().connections).toBe(0)
  })

  it('is refused with the token in the address, and the token is in no log', async () => {
    await using door = await openDoor()
    const client = door.connect('/v1/ws?token=alice-canary')
    expect(await client.outcome()).toMatchObject({ status: 400, problem: { code: 'token.in_url' } })
    expect(JSON.stringify(door.logged)).not.toContain('canary')
  })

  it('takes a token in the address only where that is allowed', async () => {
    await using door = await openDoor({ allowQueryToken: true })
    const client = door.connect('/v1/ws?token=alice')
    await client.outcome()
    client.say({ type: 'hello', protocol: 1, device: 'd' })
    await client.until((frames) => frames.length > 0)
    expect(client.frames).toMatchObject([{ type: 'welcome', me: { id: 'alice' } }])
  })

  it('takes a token from the header and a ticket from the address', async () => {
    await using door = await openDoor()
    const clients = [
      door.connect('/v1/ws', { headers: { authorization: 'Bearer alice' } }),
      door.connect('/v1/ws?ticket=ticket-of-bob'),
    ]
    for (const client of clients) {
      await client.outcome()
      client.say({ type: 'hello', protocol: 1, device: 'd' })
      await client.until((frames) => frames.length > 0)
    }
    expect(clients.map(({ frames }) => frames[0])).toMatchObject([
      { me: { id: 'alice' } },
      { me: { id: 'bob' } },
    ])
  })

  it('echoes its own subprotocol and no other', async () => {
    await using door = await openDoor()
    const both = door.connect('/v1/ws', {}, ['other', SUBPROTOCOL])
    expect(await both.outcome()).toBe('open')
    expect(both.ws.protocol).toBe(SUBPROTOCOL)
    const answer = await handshake(door.port, { 'Sec-WebSocket-Protocol': 'other' })
    expect(answer).toContain('101 Switching Protocols')
    expect(answer).not.toMatch(/sec-websocket-protocol/i)
  })

  it('is refused with a time to wait when too many come, and when the server stops', async () => {
    await using door = await openDoor({ limits: { handshakesBurst: 1, handshakesPerSecond: 1 } })
    const first = door.connect()
    expect(await first.outcome()).toBe('open')
    const late = { status: 503, problem: { code: 'unavailable', retryAfterMs: expect.any(Number) } }
    const second = await door.connect().outcome()
    expect(second).toMatchObject({
      ...late,
      headers: { 'retry-after': expect.stringMatching(/^\d+$/) },
    })
    const closed = first.closeCode()
    const drained = door.gateway.drain(5000)
    expect(await door.connect().outcome()).toMatchObject(late)
    expect(await closed).toBe(4012)
    await drained
    expect(first.frames).toMatchObject([{ type: 'bye', code: 4012 }])
  })

  it.each([
    ['another path', 404, { path: '/v1/wss' }],
    ['a path below', 404, { path: '/v1/ws/x' }],
    ['POST', 405, { method: 'POST' }],
    ['HTTP/1.0', 400, { version: '1.0' }],
    ['a body', 400, { 'Content-Length': '5' }],
    ['a body in parts', 400, { 'Transfer-Encoding': 'chunked' }],
    ['no key', 400, { 'Sec-WebSocket-Key': undefined }],
    ['a wrong key', 400, { 'Sec-WebSocket-Key': 'x' }],
    [
      'an old version',
      400,
      { 'Sec-WebSocket-Version': '8', 'Sec-WebSocket-Origin': 'https://evil' },
    ],
    ['another upgrade', 400, { Upgrade: 'h2c' }],
    ['a broken subprotocol', 400, { 'Sec-WebSocket-Protocol': 'a,,b' }],
    ['a long address', 414, { path: `/v1/ws?x=${'x'.repeat(8200)}` }],
  ])('is refused as a problem: %s', async (_, status, changes) => {
    await using door = await openDoor()
    const answer = await handshake(door.port, changes)
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(head).toMatch(/\r\nConnection: close/)
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(Buffer.byteLength(body))
    expect(JSON.parse(body)).toMatchObject({ status, title: expect.any(String) })
    expect(door.gateway.counts().connections).toBe(0)
    expect(door.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('survives a peer that resets in the middle of it', async () => {
    await using door = await openDoor()
    for (let round = 0; round < 20; round++) {
      const socket = connect(door.port, '127.0.0.1')
      socket.on('error', () => {})
      await once(socket, 'connect')
      const changes = round % 2 ? {} : { path: '/nowhere' }
      socket.write(handshakeText(changes))
      socket.resetAndDestroy()
    }
    expect(await door.connect().outcome()).toBe('open')
  })
})

describe('frames', () => {
  it('carry requests and events of any length', async () => {
    await using door = await openDoor()
    door.product.channel(PARTY, { alice: 0 })
    const alice = door.connect()
    await alice.hello('alice', [PARTY])
    for (const bytes of [0, 200, 70_000]) door.bus.publish(door.product.commit(PARTY, { bytes }))
    alice.say({ type: 'request', id: 1, op: 'message.send', data: { text: 'ü🙂' } })
    await alice.until((frames) => frames.length === 5)
    expect(alice.frames).toMatchObject([
      { type: 'welcome' },
      { type: 'event', seq: 2 },
      { type: 'event', seq: 3 },
      { type: 'event', seq: 4 },
      { type: 'response', id: 1 },
    ])
    expect(door.product.calls[0]?.input).toEqual({ text: 'ü🙂' })
  })

  it('arrive in the order in which they were written, the close frame last', async () => {
    await using door = await openDoor()
    door.product.channel(PARTY, { alice: 0 })
    const alice = door.connect()
    await alice.hello('alice', [PARTY])
    const closed = alice.closeCode()
    for (let count = 0; count < 50; count++) door.bus.publish(door.product.commit(PARTY))
    door.bus.publish({ kind: 'disconnect', uid: 'uid-alice', code: 4401, issuedUntil: null })
    expect(await closed).toBe(4401)
    expect(alice.frames.slice(1).map((frame) => frame['seq'])).toEqual(
      Array.from({ length: 50 }, (_, index) => index + 2),
    )
  })

  it('of a slow reader are left out and told of by a gap', async () => {
    await using door = await openDoor()
    door.product.channel(PARTY, { alice: 0 })
    const alice = door.connect()
    await alice.hello('alice', [PARTY])
    alice.ws.pause()
    for (let count = 0; count < 400; count++) {
      door.bus.publish(door.product.commit(PARTY, { bytes: 30_000 }))
      if (count % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(door.gateway.counts().lagging).toBe(1)
    alice.ws.resume()
    await alice.until((frames) => frames.at(-1)?.type === 'gap')
    expect(alice.frames.at(-1)).toEqual({ type: 'gap', channel: PARTY, epoch: 1, seq: 401 })
    door.bus.publish(door.product.commit(PARTY))
    await alice.until((frames) => frames.at(-1)?.type === 'event')
    expect(alice.frames.at(-1)).toMatchObject({ seq: 402 })
  })

  it.each([
    ['no hello', (client) => client.ws.send('{"type":"request"}'), 4400],
    ['binary', (client) => client.ws.send(Buffer.from([1])), 1003],
    ['more than 64 KiB', (client) => client.ws.send('x'.repeat(65_537)), 1009],
    [
      'text that is no UTF-8',
      (client) => client.ws.send(Buffer.from([0xff]), { binary: false }),
      1007,
    ],
  ] satisfies [
    string,
    (client: ReturnType<Awaited<ReturnType<typeof openDoor>>['connect']>) => void,
    number,
  ][])('end the connection with its code: %s', async (_, send, code) => {
    await using door = await openDoor()
    const client = door.connect()
    await client.outcome()
    const closed = client.closeCode()
    send(client)
    expect(await closed).toBe(code)
    while (door.gateway.counts().connections + door.gateway.counts().closing > 0)
      await new Promise((resolve) => setImmediate(resolve))
    expect(door.logged.filter(({ level }) => level === 'error')).toEqual([])
  })

  it.each([
    ['no mask', [0x81, 0x01, 0x78]],
    ['reserved bits', [0xf1, 0x80, 0, 0, 0, 0]],
    ['an unknown opcode', [0x83, 0x80, 0, 0, 0, 0]],
    ['a long ping', [0x89, 0xfe, 0, 126, 0, 0, 0, 0]],
    ['a ping in parts', [0x09, 0x80, 0, 0, 0, 0]],
  ])('against the protocol end the connection with 1002: %s', async (_, bytes) => {
    await using door = await openDoor()
    const text = Buffer.concat([Buffer.from(handshakeText({})), Buffer.from(bytes)])
    const answer = await sendRaw(door.port, text)
    const frame = Buffer.from(answer.split('\r\n\r\n')[1] ?? '', 'latin1')
    expect([...frame.subarray(0, 4)]).toEqual([0x88, 0x02, 1002 >> 8, 1002 & 0xff])
  })

  it('are not heard any more after the close', async () => {
    await using door = await openDoor()
    const alice = door.connect()
    await alice.hello('alice')
    const closed = alice.closeCode()
    alice.ws.send(Buffer.from([1]))
    for (let id = 0; id < 10; id++) alice.say({ type: 'request', id, op: 'message.send', data: {} })
    expect(await closed).toBe(1003)
    expect(door.product.calls).toEqual([])
  })
})

type Changes = Readonly<Record<string, string | undefined>>

function handshakeText({ path, method, version, ...headers }: Changes): string {
  const all: Changes = {
    Host: '127.0.0.1',
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': KEY,
    ...headers,
  }
  const lines = Object.entries(all).flatMap(([name, value]) =>
    value === undefined ? [] : `${name}: ${value}`,
  )
  const first = `${method ?? 'GET'} ${path ?? '/v1/ws'} HTTP/${version ?? '1.1'}`
  return `${[first, ...lines].join('\r\n')}\r\n\r\n`
}

/** What comes back on a handshake; an opened connection is closed by a frame without a mask. */
const handshake = (port: number, changes: Changes): Promise<string> =>
  sendRaw(
    port,
    Buffer.concat([Buffer.from(handshakeText(changes)), Buffer.from([0x81, 0x01, 0x78])]),
  )
