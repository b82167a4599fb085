import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import { PARTY, World } from './world.suite.ts'

const shut = { gate: 'shut', closes: true } as const
const opened = { gate: 'opened' } as const

async function openWorld() {
  const world = new World()
  const { product } = world
  product.channel(PARTY, { alice: 0, bob: 0 })
  return { world, product }
}

const last = { id: '7', seq: 4, author: null, text: 'canary', createdAt: 1 }

describe('a channel that is shut', () => {
  it('says so to those who watch, and nothing after it to anybody', async () => {
    const { world, product } = await openWorld()
    const full = await world.connect('alice', { channels: [PARTY] })
    const list = await world.connect('bob')
    await world.announce(product.commit(PARTY, shut))
    await world.announce(product.commit(PARTY, { last }), product.commit(PARTY, { last }))
    await world.time.pass(2000)
    expect(full.heard()).toMatchObject([{ type: 'event', seq: 2 }])
    expect(JSON.stringify(list.heard())).not.toContain('canary')
    expect(world.gateway.counts().hubs).toBe(0)
  })

  it('is not watched by who came in while it was shut, also from an older read', async () => {
    const { world, product } = await openWorld()
    product.holdReads = true
    const bob = world.greet('bob')
    await world.time.settle()
    const [read] = product.reads
    read?.snapshot()
    await world.announce(product.commit(PARTY, shut), product.commit(PARTY, { last }))
    read?.answer()
    await world.time.settle()
    await world.announce(product.commit(PARTY, { last }))
    expect(bob.heardOf('welcome')).toHaveLength(1)
    expect(bob.heardOf('bump')).toEqual([])
  })

  it('is answered as disabled, and not as gone for good, to who asked just before', async () => {
    const { world, product } = await openWorld()
    const alice = await world.connect('alice')
    product.holdReads = true
    world.ask(alice, 'interest.set', { channels: [{ id: PARTY, interest: 'full' }] })
    await world.time.settle()
    product.reads[0]?.snapshot()
    await world.announce(product.commit(PARTY, shut), product.commit(PARTY, { last }))
    product.reads[0]?.answer()
    await world.time.settle()
    const [response] = alice.heardOf('response')
    expect(response).toMatchObject({ data: { channels: [{ status: 'gone', reason: 'disabled' }] } })
    expect(JSON.stringify(alice.heard())).not.toContain('canary')
  })

  it('is not opened to a new member by a grant that comes late', async () => {
    const { world, product } = await openWorld()
    const carol = await world.connect('carol')
    const access = [{ kind: 'granted', uid: uidOf('carol'), visibleFrom: 0 } as const]
    const granted = product.commit(PARTY, { access })
    await world.announce(product.commit(PARTY, shut), granted, product.commit(PARTY, { last }))
    expect(carol.heard()).toEqual([])
  })

  it('stays open for those who came back when the word that shut it is repeated', async () => {
    const { world, product } = await openWorld()
    const word = product.commit(PARTY, shut)
    await world.announce(word, product.commit(PARTY, opened))
    const full = await world.connect('alice', { channels: [PARTY] })
    const list = await world.connect('bob')
    await world.announce(word, product.commit(PARTY))
    expect(full.heard()).toMatchObject([{ type: 'event', seq: 4 }])
    await world.time.pass(2000)
    expect(list.heard().at(-1)).toMatchObject({ type: 'bump', seq: 4 })
  })

  it('stays open for who read it since, when both words come late', async () => {
    const { world, product } = await openWorld()
    const words = [product.commit(PARTY, shut), product.commit(PARTY, opened)]
    const alice = await world.connect('alice', { channels: [PARTY] })
    await world.announce(...words, product.commit(PARTY))
    expect(alice.heard()).toMatchObject([{ type: 'event', seq: 4 }])
  })

  it('is shut by a word that comes late, behind newer events', async () => {
    const { world, product } = await openWorld()
    const alice = await world.connect('alice', { channels: [PARTY] })
    const word = product.commit(PARTY, shut)
    await world.announce(product.commit(PARTY), word, product.commit(PARTY, { last }))
    expect(alice.heard()).toMatchObject([{ seq: 3 }])
  })
})
