import { describe, expect, it } from 'vitest'
import { PARTY, QUIET, SECRET, World } from './world.suite.ts'

describe('hello', () => {
  it('is answered by welcome before anything else', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0, bob: 0 })
    world.product.holdReads = true
    const alice = world.greet('alice', { channels: [PARTY] })
    await world.time.settle()
    world.bus.publish(world.product.commit(PARTY))
    world.bus.publish(world.product.commitOwn('alice'))
    await world.time.settle()
    expect(alice.writes).toEqual([])
    world.product.reads[0]?.answer()
    await world.time.settle()
    expect(alice.heard()[0]).toMatchObject({
      type: 'welcome',
      protocol: 1,
      heartbeatMs: 25_000,
      features: ['messages'],
      me: { id: 'alice' },
      channels: [{ status: 'same', id: PARTY, seq: 2 }],
    })
    expect(alice.heard()).toHaveLength(1)
  })

  it('is followed by what came in on the own stream meanwhile', async () => {
    const world = new World({ joiningFrames: 3 })
    const { product } = world
    await world.announce(product.commitOwn('alice'))
    product.holdReads = true
    const phone = world.greet('alice')
    const laptop = world.greet('alice')
    await world.time.settle()
    const early = product.commitOwn('alice')
    for (const read of product.reads) read.snapshot()
    await world.announce(early, product.commitOwn('alice'), product.commitOwn('alice'))
    product.reads[0]?.answer()
    await world.time.settle()
    expect(phone.heard()).toMatchObject([
      { type: 'welcome', user: { status: 'same', seq: 2 } },
      { type: 'event', channel: '@me', prev: 2, seq: 3 },
      { type: 'event', channel: '@me', prev: 3, seq: 4 },
    ])
    // Too much for the laptop, whose answer takes longer: it is sent to sync.
    await world.announce(product.commitOwn('alice'))
    product.reads[1]?.answer()
    await world.time.settle()
    expect(laptop.heard()).toMatchObject([{ type: 'welcome', user: { status: 'head', seq: 5 } }])
  })

  it('asks where the user stands, with the most recent channels', async () => {
    const world = new World()
    world.product.holdReads = true
    const entry = { id: PARTY, epoch: 1, seq: 5, interest: 'list' }
    world.greet('alice', { channels: [entry] })
    await world.time.settle()
    expect(world.product.reads[0]?.question).toMatchObject({
      channels: [entry],
      recent: 200,
      inlineBytes: 65_536,
    })
  })

  it('takes a newer client that says more than this server knows', async () => {
    const world = new World()
    const alice = world.arrive()
    alice.say({
      type: 'hello',
      protocol: 1,
      token: 'alice',
      device: 'd',
      caps: ['x'],
      presence: 'on',
    })
    await world.time.settle()
    expect(alice.heard()[0]?.type).toBe('welcome')
  })

  it('must come within five seconds', async () => {
    const world = new World()
    const silent = world.arrive()
    await world.time.pass(4000)
    expect(silent.closedWith).toBeNull()
    // A ping is no hello.
    silent.ping()
    await world.time.pass(1500)
    expect(silent.closeCode).toBe(4408)
  })

  it.each([
    ['no JSON', '{', 4400],
    ['no object', '[]', 4400],
    ['no hello', '{"type":"heartbeat"}', 4400],
    ['a prototype', '{"type":"__proto__"}', 4400],
    ['a type that is an object', '{"type":{}}', 4400],
    ['no device', '{"type":"hello","protocol":1,"token":"alice"}', 4400],
    ['another protocol', '{"type":"hello","protocol":2,"token":"alice","device":"d"}', 4426],
    ['no token', '{"type":"hello","protocol":1,"device":"d"}', 4401],
    ['an expired token', '{"type":"hello","protocol":1,"token":"expired","device":"d"}', 4401],
    ['a deactivated user', '{"type":"hello","protocol":1,"token":"gone","device":"d"}', 4403],
    [
      'too much',
      `{"type":"hello","protocol":1,"token":"${'x'.repeat(33_000)}","device":"d"}`,
      4413,
    ],
  ])('is refused with its code: %s', async (_, text, code) => {
    const world = new World()
    const socket = world.arrive()
    socket.sayText(text)
    await world.time.settle()
    expect(socket.closeCode).toBe(code)
    expect(socket.heardOf('welcome')).toEqual([])
    expect(world.gateway.counts()).toMatchObject({ connections: 0, unproven: 0, users: 0, hubs: 0 })
    expect(world.unexpected).toEqual([])
  })

  it('says why it was refused', async () => {
    const world = new World()
    const socket = world.greet('expired')
    await world.time.settle()
    expect(socket.heard()).toMatchObject([{ type: 'error', error: { code: 'token_expired' } }])
  })

  it('may leave the token to the header or to the ticket', async () => {
    const world = new World()
    const hello = { type: 'hello', protocol: 1, device: 'd' }
    const byHeader = world.arrive({ token: 'alice' })
    byHeader.say(hello)
    const byTicket = world.arrive({ ticket: 'ticket-of-bob' })
    byTicket.say(hello)
    await world.time.settle()
    expect(byHeader.heard()[0]).toMatchObject({ me: { id: 'alice' } })
    expect(byTicket.heard()[0]).toMatchObject({ me: { id: 'bob' } })
  })

  it('names at most twenty channels with interest full', async () => {
    const world = new World()
    const channels = Array.from({ length: 21 }, (_, index) => String(index + 1))
    const alice = world.greet('alice', { channels })
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { error: { details: { fields: [{ path: 'channels' }] } } },
    ])
    expect(alice.closeCode).toBe(4400)
  })

  it('is over when the client says more before the welcome', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0 })
    world.product.holdReads = true
    const alice = world.greet('alice', { channels: [PARTY] })
    await world.time.settle()
    world.ask(alice, 'message.send', {})
    await world.time.settle()
    expect(alice.closeCode).toBe(4400)
    expect(world.product.calls).toEqual([])
    world.product.reads[0]?.answer()
    await world.time.settle()
    expect(world.gateway.counts()).toMatchObject({ connections: 0, users: 0, hubs: 0 })
  })

  it('ends with 4013 while the store cannot answer, and leaves nothing behind', async () => {
    const { ChatError } = await import('@tertulia/protocol')
    const world = new World()
    world.product.holdReads = true
    const alice = world.greet('alice', { channels: [PARTY] })
    await world.time.settle()
    world.product.reads[0]?.fail(new ChatError('unavailable', { retryAfterMs: 5000 }))
    await world.time.settle()
    expect(alice.heard()).toMatchObject([{ error: { code: 'unavailable', retryAfterMs: 5000 } }])
    expect(alice.closeCode).toBe(4013)
    expect(world.gateway.counts()).toMatchObject({ connections: 0, users: 0, hubs: 0 })
  })

  it('ends with an internal error when the product broke, and only this connection', async () => {
    const world = new World()
    const bob = await world.connect('bob')
    world.product.holdReads = true
    const alice = world.greet('alice')
    await world.time.settle()
    world.product.reads[0]?.fail(new TypeError('broken'))
    await world.time.settle()
    expect(alice.heard()).toMatchObject([{ type: 'error', error: { code: 'internal' } }])
    expect(alice.closedWith).toBe('terminated')
    expect(bob.closedWith).toBeNull()
    expect(world.unexpected).toHaveLength(1)
  })

  it('gives interest list to the recent channels that it does not name', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0 })
    world.product.channel(QUIET, { alice: 0 })
    world.product.channel(SECRET, { bob: 0 })
    const alice = await world.connect('alice', { channels: [{ id: QUIET, interest: 'none' }] })
    await world.announce(...[PARTY, QUIET, SECRET].map((id) => world.product.commit(id)))
    expect(alice.heard()).toMatchObject([{ type: 'bump', channel: PARTY, seq: 2 }])
  })
})

describe('devices', () => {
  it('have one connection each: the newer one stays', async () => {
    const world = new World()
    const first = await world.connect('alice', { device: 'phone' })
    const laptop = await world.connect('alice', { device: 'laptop' })
    const bobs = await world.connect('bob', { device: 'phone' })
    const second = await world.connect('alice', { device: 'phone' })
    expect(first.closeCode).toBe(4409)
    for (const socket of [laptop, bobs, second]) expect(socket.closedWith).toBeNull()
    await world.announce(world.product.commitOwn('alice'))
    expect(first.heard()).toEqual([])
    expect(second.heard()).toMatchObject([{ type: 'event', channel: '@me', seq: 1 }])
  })

  it('are at most twenty: the oldest gives way', async () => {
    const world = new World()
    const sockets = []
    for (let count = 0; count < 21; count++) sockets.push(await world.connect('alice'))
    expect(sockets.map((socket) => socket.closeCode)).toEqual([4409, ...Array(20).fill(null)])
    expect(world.gateway.counts()).toMatchObject({ connections: 20, users: 1, closing: 1 })
    sockets[0]?.vanish()
    expect(world.gateway.counts().closing).toBe(0)
  })
})
