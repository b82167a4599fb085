import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import { PARTY, QUIET, World } from './world.suite.ts'

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
    expect(bob.heard()).toMatchObject([{ type: 'event', seq: 4 }])
  })

  it('stays with who rejoined and asked again before either was announced', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const bob = await world.connect('bob', { channels: [PARTY] })
    const revoked = product.commit(PARTY, { access: [revoke('bob')] })
    const granted = product.commit(PARTY, { access: [grant('bob')] })
    world.ask(bob, 'interest.set', { channels: [{ id: PARTY, interest: 'full' }] })
    await world.time.settle()
    await world.announce(revoked, granted, product.commit(PARTY))
    expect(bob.heard()).toMatchObject([
      { type: 'response', data: { channels: [{ status: 'same', seq: 3 }] } },
      { type: 'event', seq: 4 },
    ])
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
