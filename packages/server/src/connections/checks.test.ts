import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import type { SimulatedSocket } from './sockets.suite.ts'
import { live, PARTY, QUIET, SECRET, World } from './world.suite.ts'

describe('heartbeats', () => {
  it('come after 25 s of silence, a little earlier or later for each connection', async () => {
    const world = new World()
    const sockets = await Promise.all(
      ['alice', 'bob', 'charlie'].map((name) => world.connect(name)),
    )
    const first = new Map<SimulatedSocket, number>()
    for (let passed = 0; passed < 30_000; passed += 250) {
      await world.time.pass(250)
      for (const socket of sockets)
        if (socket.heard().length > 0 && !first.has(socket)) first.set(socket, passed + 250)
    }
    const moments = sockets.map((socket) => first.get(socket) ?? 0)
    for (const moment of moments) {
      expect(moment).toBeGreaterThanOrEqual(22_500)
      expect(moment).toBeLessThanOrEqual(28_000)
    }
    expect(new Set(moments).size).toBeGreaterThan(1)
  })

  it('tell the heads of open channels and of those that moved lately', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 }).seq = 7
    product.channel(QUIET, { alice: 0 })
    product.channel('104', { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    await world.announce(product.commit(QUIET), product.commitOwn('alice'))
    alice.forget()
    await live(world, alice, 29_000)
    expect(alice.heardOf('heartbeat')).toMatchObject([
      {
        type: 'heartbeat',
        serverTime: expect.any(Number),
        user: 1,
        heads: { [PARTY]: 7, [QUIET]: 2 },
      },
    ])
  })

  it('give a client that only reads something to answer', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    for (let second = 0; second < 29; second++) {
      await world.announce(product.commit(PARTY))
      await world.time.pass(1000)
    }
    expect(alice.heardOf('heartbeat')).toHaveLength(1)
  })

  it('tell heads also where neither side is ever silent', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    product.channel(QUIET, { alice: 0, bob: 0 })
    const alice = await world.connect('alice', { channels: [PARTY, QUIET] })
    // The bus loses this one; the node learns of it from what bob is answered.
    product.commit(QUIET)
    await world.connect('bob', { channels: [QUIET] })
    for (let second = 0; second < 56; second++) {
      await world.announce(product.commit(PARTY))
      await live(world, alice, 1000)
    }
    expect(alice.heardOf('heartbeat')).toMatchObject([{ heads: { [QUIET]: 2 } }])
  })

  it('that nobody answers end with 4408 after a minute', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    const bob = await world.connect('bob')
    for (let second = 0; second < 62; second++) {
      await world.time.pass(1000)
      bob.ping()
      if (second === 58) expect(alice.closedWith).toBeNull()
    }
    expect(alice.closeCode).toBe(4408)
    expect(bob.closedWith).toBeNull()
    expect(alice.heardOf('heartbeat').length).toBeGreaterThan(0)
  })

  it('stop with the last connection: an idle node has no timer', async () => {
    const world = new World()
    const alice = await world.connect('alice')
    expect(world.time.pendingTimers).toBe(1)
    alice.vanish()
    await world.time.pass(1000)
    expect(world.time.pendingTimers).toBe(0)
  })
})

describe('bumps', () => {
  it('come at once, then at most one per second, with the newest state', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    const last = { id: '7', seq: 3, author: 'bob', text: 'hi', createdAt: 1 }
    await world.announce(
      product.commit(PARTY),
      product.commit(PARTY, { last }),
      product.commit(PARTY),
    )
    expect(alice.heard()).toEqual([{ type: 'bump', channel: PARTY, epoch: 1, seq: 2 }])
    await world.time.pass(500)
    expect(alice.heard()).toHaveLength(1)
    await world.time.pass(1000)
    expect(alice.heard().slice(1)).toEqual([
      { type: 'bump', channel: PARTY, epoch: 1, seq: 4, last },
    ])
    await world.time.pass(5000)
    expect(alice.heard()).toHaveLength(2)
    await world.announce(product.commit(PARTY))
    expect(alice.heard().slice(2)).toEqual([{ type: 'bump', channel: PARTY, epoch: 1, seq: 5 }])
  })

  it('that wait tell nothing of what was truncated meanwhile', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    const last = { id: '7', seq: 3, author: 'bob', text: 'hi', createdAt: 1 }
    await world.announce(
      product.commit(PARTY),
      product.commit(PARTY, { last }),
      product.commit(PARTY, { floor: 3 }),
    )
    await world.time.pass(1500)
    expect(alice.heard().slice(1)).toEqual([
      { type: 'bump', channel: PARTY, epoch: 1, seq: 4, floor: 3 },
    ])
  })

  it('told to who came in between tell nothing of what was truncated meanwhile', async () => {
    const world = new World()
    const { product } = world
    const alice = await world.connect('alice')
    product.channel(PARTY, { alice: 0 })
    product.holdReads = true
    world.ask(alice, 'interest.set', { channels: [{ id: PARTY, interest: 'list' }] })
    await world.time.settle()
    product.reads[0]?.snapshot()
    const last = { id: '7', seq: 2, author: 'bob', text: 'hi', createdAt: 1 }
    await world.announce(product.commit(PARTY, { last }), product.commit(PARTY, { floor: 2 }))
    alice.forget()
    product.reads[0]?.answer()
    await world.time.pass(1500)
    const bumps = alice.heardOf('bump')
    expect(bumps.at(-1)).toMatchObject({ seq: 3, floor: 2 })
    expect(JSON.stringify(bumps)).not.toContain('hi')
  })

  it('of a big channel come every ten seconds', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 }).memberCount = 1001
    const alice = await world.connect('alice')
    await world.announce(product.commit(PARTY), product.commit(PARTY))
    await world.time.pass(9000)
    expect(alice.heard()).toHaveLength(1)
    await world.time.pass(1500)
    expect(alice.heard()).toHaveLength(2)
  })

  it('tell how far this node has heard, not what it has read behind a removal', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const bob = await world.connect('bob')
    const message = product.commit(PARTY)
    const removal = product.commit(PARTY, { access: [{ kind: 'revoked', uid: uidOf('bob') }] })
    await world.connect('alice', { channels: [PARTY] })
    await world.announce(message, removal)
    expect(bob.heard()).toEqual([{ type: 'bump', channel: PARTY, epoch: 1, seq: 2 }])
  })

  it('are not needed by who gets the events', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    await world.announce(world.product.commit(PARTY))
    await world.time.pass(2000)
    expect(alice.heard()).toMatchObject([{ type: 'event' }])
  })

  it('tell what moved while the welcome was made', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    product.channel(QUIET, { alice: 5 })
    product.channel(SECRET, { alice: 5 })
    product.holdReads = true
    const alice = world.greet('alice', { channels: [{ id: QUIET, interest: 'list' }] })
    await world.time.settle()
    product.reads[0]?.snapshot()
    const last = { id: '7', seq: 3, author: 'bob', text: 'hi', createdAt: 1 }
    await world.announce(...[PARTY, QUIET, SECRET].map((id) => product.commit(id, { last })))
    product.reads[0]?.answer()
    await world.time.settle()
    expect(alice.heard()).toEqual([
      expect.objectContaining({ type: 'welcome' }),
      { type: 'bump', channel: QUIET, epoch: 1, seq: 2 },
      { type: 'bump', channel: SECRET, epoch: 1, seq: 2 },
      { type: 'bump', channel: PARTY, epoch: 1, seq: 2, last },
    ])
  })
})
