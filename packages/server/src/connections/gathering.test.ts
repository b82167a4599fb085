import { describe, expect, it } from 'vitest'
import { PARTY, World } from './world.suite.ts'

const react = (world: World, change: string, mergeKey = '7', subjectSeq = 5) =>
  world.product.commit(PARTY, { mergeKey, subjectSeq, changes: [change] })

async function aliceAt(world: World) {
  world.product.channel(PARTY, { alice: 0, bob: 0 })
  return world.connect('alice', { channels: [PARTY] })
}

/** Six within a second: the first five are told one by one. */
async function becomeBusy(world: World, key = '7'): Promise<void> {
  for (const name of ['a', 'b', 'c', 'd', 'e']) await world.announce(react(world, name, key))
}

describe('events that may be told together', () => {
  it('are told one by one while they are few', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    expect(alice.heard().map(({ type }) => type)).toEqual(Array(5).fill('event'))
  })

  it('are held back for a moment when they are many, and told as one without a hole', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    alice.forget()
    await world.announce(react(world, 'f'), react(world, 'g', '8'), react(world, 'h'))
    expect(alice.heard()).toEqual([])
    await world.time.pass(250)
    expect(alice.heard()).toMatchObject([
      {
        type: 'events',
        prev: 6,
        seq: 9,
        omitted: 0,
        events: [
          { seq: 8, data: { changes: ['g'], omitted: 0 } },
          { seq: 9, data: { changes: ['f', 'h'], omitted: 0 } },
        ],
      },
    ])
    alice.forget()
    await world.time.pass(1000)
    await world.announce(react(world, 'calm again'))
    expect(alice.heard()).toMatchObject([{ type: 'event', prev: 9, seq: 10 }])
  })

  it('are told before anything that comes later', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    alice.forget()
    await world.announce(react(world, 'f'), world.product.commit(PARTY), react(world, 'g'))
    expect(alice.heard()).toMatchObject([
      { type: 'events', prev: 6, seq: 7 },
      { type: 'event', prev: 7, seq: 8 },
    ])
    await world.time.pass(250)
    expect(alice.heard().at(-1)).toMatchObject({ type: 'events', prev: 8, seq: 9 })
  })

  it('keep the last hundred changes and say how many they left out', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    alice.forget()
    for (let n = 0; n < 130; n++) await world.announce(react(world, `${n}`))
    await world.time.pass(250)
    const [frame] = alice.heard() as unknown as { events: { data: { changes: string[] } }[] }[]
    expect(frame?.events).toMatchObject([{ seq: 136, data: { omitted: 30 } }])
    expect(frame?.events[0]?.data.changes.slice(0, 2)).toEqual(['30', '31'])
  })

  it('have the form of the last one where they hold no changes', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    alice.forget()
    const summary = () => world.product.commit(PARTY, { mergeKey: '7', subjectSeq: 5 })
    await world.announce(summary(), summary())
    await world.time.pass(250)
    expect(alice.heard()).toMatchObject([{ prev: 6, seq: 8, events: [{ seq: 8 }] }])
    const [frame] = alice.heard() as unknown as { events: { data: object }[] }[]
    expect(Object.keys(frame?.events[0]?.data ?? {})).toEqual(['pad'])
  })

  it('say nothing of what a member may not see', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0, bob: 6 })
    const bob = await world.connect('bob', { channels: [PARTY] })
    await becomeBusy(world)
    bob.forget()
    await world.announce(react(world, 'secret'), react(world, 'shown', '8', 7))
    await world.time.pass(250)
    expect(bob.heard()).toMatchObject([
      { type: 'events', prev: 6, seq: 8, events: [{ seq: 8, data: { changes: ['shown'] } }] },
    ])
  })

  it('are not told once their message is gone, and leave no hole', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    alice.forget()
    const cheer = world.product.commit(PARTY, { mergeKey: '7', contentKey: 'reactions 7' })
    const gone = world.product.commit(PARTY, { takesBack: ['reactions 7'] })
    await world.announce(cheer, gone)
    expect(alice.heard()).toMatchObject([
      { type: 'events', prev: 6, seq: 7, events: [], omitted: 0 },
      { type: 'event', prev: 7, seq: 8 },
    ])
  })

  it('do not close a hole', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    alice.forget()
    const [held, lost, late] = [react(world, 'f'), react(world, 'lost'), react(world, 'h')]
    await world.announce(held, late)
    await world.time.pass(250)
    expect(lost.seq).toBe(8)
    expect(alice.heard()).toMatchObject([
      { prev: 6, seq: 7 },
      { prev: 8, seq: 9 },
    ])
  })

  it('are told before a heartbeat names where the stream stands', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await world.time.pass(24_900)
    await becomeBusy(world)
    let n = 0
    for (let ms = 0; ms < 4000; ms += 50) {
      await world.announce(react(world, `${n++}`))
      await world.time.pass(50)
    }
    const heard = alice.heard() as unknown as { type: string; seq: number; heads?: object }[]
    const beat = heard.findIndex(({ type }) => type === 'heartbeat')
    expect(beat).toBeGreaterThan(0)
    const before = heard.slice(0, beat).findLast(({ type }) => type !== 'heartbeat')
    expect(heard[beat]?.heads).toEqual({ [PARTY]: before?.seq })
  })

  it('end with the last watcher, and leave no timer', async () => {
    const world = new World()
    const alice = await aliceAt(world)
    await becomeBusy(world)
    await world.announce(react(world, 'f'))
    alice.vanish()
    await world.time.pass(1000)
    expect(world.unexpected).toEqual([])
    expect(world.time.pendingTimers).toBe(0)
  })
})
