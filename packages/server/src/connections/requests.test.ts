import { ChatError } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { PARTY, World } from './world.suite.ts'

describe('requests', () => {
  it('go to the product as the user of the connection', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    const id = world.ask(alice, 'message.send', { channelId: PARTY, text: 'hi' })
    await world.time.settle()
    expect(world.product.calls).toEqual([
      {
        actor: { kind: 'user', uid: 'uid-alice', id: 'alice' },
        op: 'message.send',
        input: { channelId: PARTY, text: 'hi' },
        requestId: expect.stringMatching(/^c_.+\.\d+$/),
        bytes: expect.any(Number),
      },
    ])
    expect(alice.heard()).toEqual([{ type: 'response', id, data: { did: 'message.send' } }])
  })

  it('are answered with the error of the product', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    world.product.answerCall = async ({ op }) => {
      if (op === 'message.send')
        throw new ChatError('conflict', { retryAfterMs: 7, details: { field: 'text' } })
      throw new TypeError('broken')
    }
    world.ask(alice, 'message.send', {})
    world.ask(alice, 'message.edit', {})
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { error: { code: 'conflict', retryAfterMs: 7, details: { field: 'text' } } },
      { error: { code: 'internal', requestId: expect.any(String) } },
    ])
    expect(alice.closedWith).toBeNull()
    expect(world.unexpected).toHaveLength(1)
  })

  it.each([
    ['an unknown operation', { op: 'message.explode', data: {} }],
    ['one that only REST offers', { op: 'ticket.create', data: {} }],
    ['one of servers', { op: 'user.upsert', data: {} }],
    ['an operation that is no text', { op: 7, data: {} }],
    ['a field too many', { op: 'message.send', data: {}, user: 'bob' }],
  ])('are refused without asking the product: %s', async (_, fields) => {
    const world = new World()
    const alice = await world.connect('alice')
    alice.say({ type: 'request', id: 5, ...fields })
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'response', id: 5, error: { code: 'bad_request' } },
    ])
    expect(world.product.calls).toEqual([])
  })

  it('are refused with the names of their unknown fields, in the envelope and in the input', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    alice.say({ type: 'request', id: 1, op: 'message.send', data: {}, colour: 'red', size: 3 })
    alice.say({
      type: 'request',
      id: 2,
      op: 'interest.set',
      data: { channels: [{ id: PARTY, shade: 1 }] },
    })
    alice.say({ type: 'heartbeat', mood: 'good' })
    await world.time.settle()
    const faults = alice.heard().map((frame) => [frame['id'], frame['error']])
    const unknown = (...paths: string[]) => ({
      code: 'bad_request',
      details: { fields: paths.map((path) => ({ path, message: 'unknown field' })) },
    })
    expect(faults).toEqual(
      expect.arrayContaining([
        [1, expect.objectContaining(unknown('colour', 'size'))],
        [2, expect.objectContaining(unknown('channels.0.shade'))],
        [undefined, expect.objectContaining(unknown('mood'))],
      ]),
    )
  })

  it('may leave out their input: it is an empty one then', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    alice.say({ type: 'request', id: 1, op: 'channel.list' })
    await world.time.settle()
    alice.say({ type: 'request', id: 2, op: 'interest.set' })
    await world.time.settle()
    expect(world.product.calls).toMatchObject([{ op: 'channel.list' }])
    expect(alice.heard()).toMatchObject([
      { type: 'response', id: 1, data: { did: 'channel.list' } },
      { id: 2, error: { code: 'bad_request', details: { fields: [{ path: 'channels' }] } } },
    ])
  })

  it.each([
    ['a forbidden key', '{"custom":{"constructor":1}}'],
    ['a key given twice', '{"text":"a","text":"b"}'],
    ['half a surrogate pair', '{"text":"\\ud800"}'],
  ])('are answered by their id even when their content holds %s', async (_, data) => {
    const world = new World()
    const alice = await world.connect('alice')
    alice.sayText(`{"type":"request","id":9,"op":"message.send","data":${data}}`)
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'response', id: 9, error: { code: 'bad_request' } },
    ])
    expect(world.product.calls).toEqual([])
  })

  it('are refused by an error frame when they have no id of their own', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    world.product.answerCall = () => new Promise(() => {})
    alice.say({ type: 'request', id: 1, op: 'message.send', data: {} })
    alice.say({ type: 'request', id: 1, op: 'message.send', data: {} })
    alice.say({ type: 'request', id: 'x', op: 'message.send', data: {} })
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'error', error: { code: 'bad_request', details: { id: 'in flight' } } },
      { type: 'error', error: { code: 'bad_request' } },
    ])
    expect(world.product.calls).toHaveLength(1)
  })

  it('are at most 32 in flight', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    let finish = () => {}
    world.product.answerCall = () =>
      new Promise((resolve) => {
        finish = () => resolve({})
      })
    for (let count = 0; count < 33; count++) world.ask(alice, 'message.send', {})
    await world.time.settle()
    expect(world.product.calls).toHaveLength(32)
    expect(alice.heard()).toMatchObject([{ id: 33, error: { code: 'rate_limited' } }])
    finish()
    await world.time.settle()
    world.ask(alice, 'message.send', {})
    await world.time.settle()
    expect(world.product.calls).toHaveLength(33)
  })

  it('end with 4429 for who ignores twenty refusals in a minute', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    world.product.answerCall = async () => {
      throw new ChatError('rate_limited', { retryAfterMs: 1000 })
    }
    const refuse = async (times: number) => {
      for (let count = 0; count < times; count++) world.ask(alice, 'message.send', {})
      await world.time.settle()
    }
    await refuse(19)
    await world.time.pass(61_000)
    expect(alice.closeCode).toBe(4408)

    const bob = await world.connect('bob')
    for (let count = 0; count < 19; count++) world.ask(bob, 'message.send', {})
    await world.time.settle()
    for (let beat = 0; beat < 3; beat++) {
      await world.time.pass(21_000)
      bob.say({ type: 'heartbeat' })
    }
    world.ask(bob, 'message.send', {})
    await world.time.settle()
    expect(bob.closedWith).toBeNull()
    for (let count = 0; count < 19; count++) world.ask(bob, 'message.send', {})
    await world.time.settle()
    expect(bob.closeCode).toBe(4429)
  })

  it('cost bytes: who sends too many is refused, then cut off', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    const big = { text: 'x'.repeat(60_000) }
    for (let count = 0; count < 4; count++) world.ask(alice, 'message.send', big)
    world.ask(alice, 'message.send', big)
    await world.time.settle()
    expect(world.product.calls).toHaveLength(4)
    expect(alice.heardOf('response').at(-1)).toMatchObject({
      id: expect.any(Number),
    })
    const refusal = alice.heard().find((frame) => 'error' in frame)
    expect(refusal).toMatchObject({ error: { code: 'rate_limited', details: { scope: 'bytes' } } })
    await world.time.pass(2000)
    world.ask(alice, 'message.send', big)
    await world.time.settle()
    expect(world.product.calls).toHaveLength(5)
    for (let count = 0; count < 20; count++) world.ask(alice, 'message.send', big)
    await world.time.settle()
    expect(alice.closeCode).toBe(4429)
  })

  it('of a connection that ended are done and not answered', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    let finish = () => {}
    world.product.answerCall = () =>
      new Promise((resolve) => {
        finish = () => resolve({})
      })
    world.ask(alice, 'message.send', {})
    await world.time.settle()
    alice.vanish()
    finish()
    await world.time.settle()
    expect(alice.heard()).toEqual([])
    expect(world.unexpected).toEqual([])
  })
})

describe('frames without sense', () => {
  it.each(['{', 'null', '[]', '"x"', '7', '{}', '{"type":"__proto__"}', '{"type":["request"]}'])(
    'are told of and forgiven: %s',
    async (text) => {
      const world = new World()
      const alice = await world.connect('alice')
      alice.sayText(text)
      await world.time.settle()
      expect(alice.heard()).toMatchObject([{ type: 'error', error: { code: 'bad_request' } }])
      expect(alice.closedWith).toBeNull()
    },
  )

  it('ten of them are too many', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    for (let count = 0; count < 9; count++) alice.say({ type: 'dance' })
    expect(alice.closedWith).toBeNull()
    alice.say({ type: 'hello', protocol: 1, token: 'bob', device: 'd' })
    expect(alice.closeCode).toBe(4400)
    expect(alice.heardOf('error')).toHaveLength(10)
    expect(world.unexpected).toEqual([])
  })

  it('a million brackets cost little and change nothing', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    alice.sayText(`{"type":"request","id":1,"op":"message.send","data":${'['.repeat(30_000)}`)
    await world.time.settle()
    expect(alice.heard()).toMatchObject([{ type: 'error', error: { code: 'bad_request' } }])
  })

  it('binary ends with 1003', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    alice.sayBinary()
    expect(alice.closeCode).toBe(1003)
  })

  it('a flood of pings ends with 4429', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    for (let count = 0; count < 1100; count++) alice.ping()
    expect(alice.closeCode).toBe(4429)
  })
})

describe('the inbound budget', () => {
  it('warns once before it refuses, and again after a calm', async () => {
    const limits = { inboundBytesPerSecond: 1000, inboundBytesBurst: 10_000 }
    const world = new World(limits)
    const alice = await world.connect('alice')
    const beats = (count: number) => {
      for (let i = 0; i < count; i++) alice.say({ type: 'heartbeat' })
    }
    beats(28)
    await world.time.settle()
    expect(alice.heard()).toEqual([])
    beats(5)
    await world.time.settle()
    expect(alice.heard()).toEqual([
      { type: 'rate', scope: 'bytes', retryAfterMs: expect.any(Number) },
    ])
    alice.forget()
    await world.time.pass(6000)
    beats(20)
    await world.time.settle()
    expect(alice.heard()).toMatchObject([{ type: 'rate' }])
  })
})
