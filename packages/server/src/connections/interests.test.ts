import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import type { SimulatedSocket } from './sockets.suite.ts'
import { PARTY, QUIET, SECRET, World } from './world.suite.ts'

const set = (world: World, socket: SimulatedSocket, channels: readonly unknown[]) =>
  world.ask(socket, 'interest.set', { channels })

describe('interest.set', () => {
  it('registers first: what is committed while the answer is read comes behind it, in order', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    set(world, alice, [{ id: PARTY, interest: 'full' }])
    await world.time.settle()
    const early = product.commit(PARTY)
    product.reads[0]?.snapshot()
    const late = [product.commit(PARTY), product.commit(PARTY)]
    await world.announce(early, ...late)
    expect(alice.heardOf('event')).toEqual([])
    alice.forget()
    product.reads[0]?.answer()
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'response', data: { channels: [{ status: 'same', id: PARTY, seq: 2 }] } },
      { type: 'event', channel: PARTY, prev: 2, seq: 3 },
      { type: 'event', channel: PARTY, prev: 3, seq: 4 },
    ])
  })

  it('answers with the head alone when too much came in meanwhile', async () => {
    const world = new World({ joiningFrames: 2 })
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    set(world, alice, [{ id: PARTY, interest: 'full' }])
    await world.time.settle()
    product.reads[0]?.snapshot()
    await world.announce(...[1, 2, 3].map(() => product.commit(PARTY)))
    alice.forget()
    product.reads[0]?.answer()
    await world.time.settle()
    await world.announce(product.commit(PARTY))
    expect(alice.heard()).toMatchObject([
      { type: 'response', data: { channels: [{ status: 'head', id: PARTY, seq: 4 }] } },
      { type: 'event', prev: 4, seq: 5 },
    ])
  })

  it('gives nothing of a channel that the user may not see, not even while it asks', async () => {
    const world = new World()
    const { product } = world
    product.channel(SECRET, { bob: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    set(world, alice, [
      { id: SECRET, interest: 'list' },
      { id: QUIET, interest: 'full' },
    ])
    await world.time.settle()
    await world.announce(product.commit(SECRET))
    product.reads[0]?.answer()
    await world.time.settle()
    await world.announce(product.commit(SECRET))
    expect(alice.heard()).toMatchObject([
      {
        type: 'response',
        data: {
          channels: [
            { status: 'gone', id: SECRET, reason: 'unknown' },
            { status: 'gone', id: QUIET, reason: 'unknown' },
          ],
        },
      },
    ])
    expect(world.gateway.counts().hubs).toBe(0)
  })

  it('does not open what was taken away while the answer was read', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    set(world, alice, [{ id: PARTY, interest: 'full' }])
    await world.time.settle()
    product.reads[0]?.snapshot()
    const removal = product.commit(PARTY, { access: [{ kind: 'revoked', uid: uidOf('alice') }] })
    await world.announce(removal, product.commit(PARTY))
    product.reads[0]?.answer()
    await world.time.settle()
    await world.announce(product.commit(PARTY))
    expect(alice.heard()).toMatchObject([
      { type: 'response', data: { channels: [{ status: 'gone', id: PARTY }] } },
    ])
    expect(world.gateway.counts().hubs).toBe(0)
  })

  it('sends a client to sync when access was taken and given back meanwhile', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    set(world, alice, [{ id: PARTY, interest: 'full' }])
    await world.time.settle()
    product.reads[0]?.snapshot()
    const uid = uidOf('alice')
    await world.announce(
      product.commit(PARTY, { access: [{ kind: 'revoked', uid }] }),
      product.commit(PARTY, { access: [{ kind: 'granted', uid, visibleFrom: 3 }] }),
    )
    alice.forget()
    product.reads[0]?.answer()
    await world.time.settle()
    await world.announce(product.commit(PARTY), product.commit(PARTY, { subjectSeq: 2 }))
    expect(alice.heard()).toMatchObject([
      { type: 'response', data: { channels: [{ status: 'head', id: PARTY, seq: 3 }] } },
      { type: 'event', seq: 4 },
      { type: 'events', prev: 4, seq: 5, events: [] },
    ])
  })

  it('takes less interest at once and with `none` ends it', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    product.channel(QUIET, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY, QUIET] })
    product.holdReads = true
    set(world, alice, [
      { id: PARTY, interest: 'list' },
      { id: QUIET, interest: 'none' },
    ])
    await world.announce(product.commit(PARTY), product.commit(QUIET))
    expect(alice.heard()).toMatchObject([{ type: 'bump', channel: PARTY, seq: 2 }])
    product.reads[0]?.answer()
    await world.time.settle()
    expect(alice.heardOf('response')).toHaveLength(1)
    expect(world.gateway.counts().hubs).toBe(1)
  })

  it('is done in the order in which it was asked, however long each takes', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    const ids = [
      set(world, alice, [{ id: PARTY, interest: 'full' }]),
      set(world, alice, [{ id: PARTY, interest: 'none' }]),
    ]
    await world.time.settle()
    expect(product.reads).toHaveLength(1)
    product.reads[0]?.answer()
    await world.time.settle()
    product.reads[1]?.answer()
    await world.time.settle()
    await world.announce(product.commit(PARTY))
    expect(alice.heard()).toMatchObject(ids.map((id) => ({ type: 'response', id })))
  })

  it('refuses more than twenty open channels', async () => {
    const world = new World({ fullInterests: 2 })
    const { product } = world
    for (const id of [PARTY, QUIET, SECRET]) product.channel(id, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY, QUIET] })
    set(world, alice, [{ id: SECRET, interest: 'full' }])
    await world.time.settle()
    set(world, alice, [
      { id: SECRET, interest: 'full' },
      { id: PARTY, interest: 'list' },
    ])
    await world.time.settle()
    expect(alice.heard()).toMatchObject([
      { type: 'response', error: { code: 'bad_request', details: { limit: 'fullInterests' } } },
      { type: 'response', data: { channels: [{ id: SECRET }, { id: PARTY }] } },
    ])
  })

  it('is bounded like other requests', async () => {
    const world = new World({ requestsBurst: 3, requestsPerSecond: 1 })
    world.product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    for (let round = 0; round < 40; round++) {
      set(world, alice, [{ id: PARTY, interest: round % 2 ? 'full' : 'list' }])
      await world.time.settle()
    }
    const refused = alice.heardOf('response').filter((frame) => 'error' in frame)
    expect(refused[0]).toMatchObject({ error: { code: 'rate_limited', retryAfterMs: 1000 } })
    expect(alice.closeCode).toBe(4429)
  })

  it('goes on as before when the store cannot answer', async () => {
    const { ChatError } = await import('@tertulia/protocol')
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    product.holdReads = true
    set(world, alice, [
      { id: PARTY, interest: 'full' },
      { id: QUIET, interest: 'full' },
    ])
    await world.time.settle()
    product.reads[0]?.fail(new ChatError('unavailable'))
    await world.time.settle()
    await world.announce(product.commit(PARTY))
    expect(alice.heard()).toMatchObject([
      { type: 'response', error: { code: 'unavailable' } },
      { type: 'event', channel: PARTY, seq: 2 },
    ])
    expect(world.gateway.counts().hubs).toBe(1)
  })

  it('leaves nothing behind when the connection ends meanwhile', async () => {
    const world = new World()
    const { product } = world
    product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice')
    product.holdReads = true
    set(world, alice, [{ id: PARTY, interest: 'full' }])
    await world.time.settle()
    alice.vanish()
    expect(world.gateway.counts()).toMatchObject({ connections: 0, users: 0, hubs: 0 })
    product.reads[0]?.answer()
    await world.time.settle()
    await world.announce(product.commit(PARTY))
    expect(world.gateway.counts()).toMatchObject({ connections: 0, users: 0, hubs: 0 })
    expect(alice.heard()).toEqual([])
  })

  it('keeps a bound on the channels of interest list: the oldest gives way', async () => {
    const world = new World({ listInterests: 2 })
    const { product } = world
    for (const id of [PARTY, QUIET, SECRET]) product.channel(id, { alice: 0 })
    const alice = await world.connect('alice')
    const list = await world.connect('alice')
    set(world, list, [{ id: SECRET, interest: 'list' }])
    await world.time.settle()
    await world.announce(...[PARTY, QUIET, SECRET].map((id) => product.commit(id)))
    expect(alice.heardOf('bump').map((frame) => frame['channel'])).toEqual([PARTY, QUIET])
    expect(list.heardOf('bump').map((frame) => frame['channel'])).toEqual([PARTY, SECRET])
  })
})
