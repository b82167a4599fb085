import { describe, expect, it } from 'vitest'
import type { Framing } from '../ports/socket.ts'
import { Batch } from './batch.ts'
import type { Bytes } from './bytes.ts'
import { uidOf } from './product.suite.ts'
import { simulatedFraming } from './sockets.suite.ts'
import { PARTY, QUIET, World } from './world.suite.ts'

describe('fan-out', () => {
  it('hands one and the same frame to everybody, once per turn', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const bob = await world.connect('bob', { channels: [PARTY] })
    await world.announce(world.product.commit(PARTY))
    expect(alice.writes).toHaveLength(1)
    expect(alice.writes[0]).toBe(bob.writes[0])
  })

  it('joins the frames of a turn once for all connections that got the same', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0, charlie: 0 })
    product.channel(QUIET, { charlie: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const bob = await world.connect('bob', { channels: [PARTY] })
    const charlie = await world.connect('charlie', { channels: [PARTY, QUIET] })
    const writesBefore = world.gateway.counts().writes
    await world.announce(product.commit(PARTY), product.commit(PARTY), product.commit(QUIET))
    expect(alice.writes).toHaveLength(1)
    expect(alice.writes[0]).toBe(bob.writes[0])
    expect(alice.heard()).toMatchObject([{ seq: 2 }, { seq: 3 }])
    expect(charlie.heard()).toMatchObject([{ seq: 2 }, { seq: 3 }, { channel: QUIET }])
    expect(world.gateway.counts().writes - writesBefore).toBe(3)
  })

  it('starts anew in every turn and keeps nothing of the last one', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    await world.announce(world.product.commit(PARTY))
    await world.announce(world.product.commit(PARTY))
    expect(alice.writes.map((frames) => frames.length)).toEqual([1, 1])

    const framing = simulatedFraming as unknown as Framing<Bytes>
    const root = new Batch(null, null, 0)
    const frame = framing.frame('x')
    const before = root.and(frame, framing)
    expect(root.and(frame, framing)).toBe(before)
    root.clear()
    expect(root.and(frame, framing)).not.toBe(before)
  })

  it('does not let a long turn pile up: beyond a bound it writes at once', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const announcements = [1, 2, 3, 4, 5].map(() => product.commit(PARTY, { bytes: 30_000 }))
    for (const announcement of announcements) world.bus.publish(announcement)
    expect(alice.writes.map((frames) => frames.length)).toEqual([3])
    await world.time.settle()
    expect(alice.heard().map((frame) => frame['seq'])).toEqual([2, 3, 4, 5, 6])
  })

  it('keeps answers and events of one connection in their order', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    product.answerCall = async () => {
      world.bus.publish(product.commit(PARTY))
      return { sent: true }
    }
    const first = world.ask(alice, 'message.send', {})
    const second = world.ask(alice, 'message.send', {})
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'event', seq: 2 },
      { type: 'event', seq: 3 },
      { type: 'response', id: first },
      { type: 'response', id: second },
    ])
  })

  it('drops what the sweeper repeats and delivers what lies behind a hole', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const [first, lost, third] = [
      product.commit(PARTY),
      product.commit(PARTY),
      product.commit(PARTY),
    ]
    await world.announce(first, first, third, lost, first)
    expect(alice.heard()).toMatchObject([{ seq: 2 }, { prev: 3, seq: 4 }])
  })

  it('counts from anew in another epoch', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 }).seq = 10
    const alice = await world.connect('alice', { channels: [PARTY] })
    const old = product.commit(PARTY)
    await world.announce(old)
    product.epoch = 2
    const channel = product.channels.get(PARTY)
    if (channel) channel.seq = 5
    await world.announce(product.commit(PARTY), old)
    expect(alice.heard()).toMatchObject([
      { epoch: 1, seq: 11 },
      { epoch: 2, seq: 6 },
    ])
  })

  it('reaches every device with the own stream', async () => {
    const world = new World()
    const phone = await world.connect('alice')
    const laptop = await world.connect('alice')
    const bob = await world.connect('bob')
    const told = world.product.commitOwn('alice')
    await world.announce(told, told)
    for (const device of [phone, laptop])
      expect(device.heard()).toMatchObject([{ channel: '@me', seq: 1 }])
    expect(bob.heard()).toEqual([])
  })

  it('tells ephemeral events to open channels only', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const bob = await world.connect('bob')
    await world.announce({ kind: 'ephemeral', channelId: PARTY, frame: '{"type":"custom"}' })
    expect(alice.heard()).toEqual([{ type: 'custom' }])
    expect(bob.heard()).toEqual([])
  })
})

describe('visibility', () => {
  it('skips by frame what a member may not see, with the same bytes for all of them', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 3, charlie: 9 }).seq = 9
    const [alice, bob, charlie] = await Promise.all(
      ['alice', 'bob', 'charlie'].map((name) => world.connect(name, { channels: [PARTY] })),
    )
    await world.announce(product.commit(PARTY, { subjectSeq: 2 }))
    const skip = {
      type: 'events',
      channel: PARTY,
      epoch: 1,
      prev: 9,
      seq: 10,
      events: [],
      omitted: 0,
    }
    expect(alice?.heard()).toMatchObject([{ type: 'event', seq: 10 }])
    expect(bob?.heard()).toEqual([skip])
    expect(charlie?.writes[0]).toBe(bob?.writes[0])
    await world.announce(product.commit(PARTY, { subjectSeq: 5 }), product.commit(PARTY))
    expect(bob?.heard()).toMatchObject([{}, { type: 'event', seq: 11 }, { type: 'event', seq: 12 }])
    expect(charlie?.heard()).toMatchObject([{}, { type: 'events', seq: 11 }, { type: 'event' }])
  })

  it('holds for what came in while the interest was being answered', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { charlie: 9 }).seq = 9
    product.holdReads = true
    const charlie = world.greet('charlie', { channels: [PARTY] })
    await world.time.settle()
    product.reads[0]?.snapshot()
    await world.announce(product.commit(PARTY, { subjectSeq: 4 }))
    product.reads[0]?.answer()
    await world.time.settle()
    expect(charlie.heard()).toMatchObject([{ type: 'welcome' }, { type: 'events', seq: 10 }])
  })

  it('is forgotten with the last connection of the member', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { charlie: 5 }).seq = 9
    const phone = await world.connect('charlie', { channels: [PARTY] })
    const laptop = await world.connect('charlie', { channels: [PARTY] })
    phone.vanish()
    await world.announce(product.commit(PARTY, { subjectSeq: 4 }))
    expect(laptop.heard()).toMatchObject([{ type: 'events' }])
  })

  it('keeps the preview of a message from those who may not see it', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, charlie: 9 }).seq = 9
    const alice = await world.connect('alice')
    const charlie = await world.connect('charlie')
    const last = { id: '7', seq: 4, author: 'bob', text: 'canary', createdAt: 1 }
    await world.announce(product.commit(PARTY, { subjectSeq: 4, last }))
    expect(alice.heard()).toMatchObject([{ type: 'bump', seq: 10, last: { text: 'canary' } }])
    expect(charlie.heard()).toEqual([{ type: 'bump', channel: PARTY, epoch: 1, seq: 10 }])
  })
})

describe('access', () => {
  const revoke = (name: string) => ({ kind: 'revoked', uid: uidOf(name) }) as const
  const grant = (name: string, visibleFrom = 0) =>
    ({ kind: 'granted', uid: uidOf(name), visibleFrom }) as const

  it('ends before the event that ends it is delivered', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const bob = await world.connect('bob', { channels: [PARTY] })
    await world.announce(
      product.commit(PARTY, { access: [revoke('bob')] }),
      product.commitOwn('bob'),
      product.commit(PARTY),
    )
    expect(alice.heard()).toMatchObject([{ seq: 2 }, { seq: 3 }])
    expect(bob.heard()).toMatchObject([{ channel: '@me' }])
  })

  it('opens with interest list', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const bob = await world.connect('bob')
    await world.announce(product.commit(PARTY, { access: [grant('bob', 1)] }))
    expect(bob.heard()).toMatchObject([{ type: 'bump', channel: PARTY, seq: 2 }])
  })

  it('is not opened again by an old grant that comes late', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const bob = await world.connect('bob')
    const granted = product.commit(PARTY, { access: [grant('bob')] })
    const revoked = product.commit(PARTY, { access: [revoke('bob')] })
    await world.announce(revoked, granted, product.commit(PARTY))
    expect(bob.heard()).toEqual([])
    expect(world.gateway.counts().hubs).toBe(0)
  })

  it('ends by a removal that comes late, behind newer events', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const bob = await world.connect('bob', { channels: [PARTY] })
    const revoked = product.commit(PARTY, { access: [revoke('bob')] })
    const newer = product.commit(PARTY)
    await world.announce(newer, revoked, product.commit(PARTY))
    expect(bob.heard()).toMatchObject([{ seq: 3 }])
  })

  it('stays with who rejoined when an older removal is repeated', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const revoked = product.commit(PARTY, { access: [revoke('bob')] })
    product.commit(PARTY, { access: [grant('bob')] })
    const bob = await world.connect('bob', { channels: [PARTY] })
    await world.announce(revoked, product.commit(PARTY))
    expect(bob.heard().at(-1)).toMatchObject({ type: 'event', seq: 4 })
  })

  it('given or taken between hello and welcome counts', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { bob: 0 })
    product.channel(QUIET, { alice: 0 })
    product.holdReads = true
    const bob = world.greet('bob')
    await world.time.settle()
    product.reads[0]?.snapshot()
    await world.announce(
      product.commit(PARTY, { access: [revoke('bob')] }),
      product.commit(QUIET, { access: [grant('bob')] }),
    )
    product.reads[0]?.answer()
    await world.time.settle()
    bob.forget()
    await world.time.pass(2000)
    await world.announce(product.commit(PARTY), product.commit(QUIET))
    expect(bob.heard()).toMatchObject([{ type: 'bump', channel: QUIET, seq: 3 }])
  })

  it('ends for all when the channel closes, after its last event', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const bob = await world.connect('bob')
    await world.announce(product.commit(PARTY, { closes: true }))
    expect(alice.heard()).toMatchObject([{ type: 'event', seq: 2 }])
    expect(bob.heard()).toMatchObject([{ type: 'bump', seq: 2 }])
    expect(world.gateway.counts().hubs).toBe(0)
  })
})
