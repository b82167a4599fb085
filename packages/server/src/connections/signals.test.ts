import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { signal } from '../kernel/companions.ts'
import type { Audience, Companion, Listener } from '../ports/companion.ts'
import { uidOf } from './product.suite.ts'
import { PARTY, QUIET, World } from './world.suite.ts'

const Wave = z.strictObject({ type: z.literal('wave'), hands: z.int() })

/** A companion that remembers what it was told. */
function witness() {
  const heard: { readonly id: string; readonly hands: number; readonly listener: Listener }[] = []
  const met: Audience[] = []
  const companion: Companion = {
    meet: (audience) => void met.push(audience),
    signals: {
      wave: signal(Wave, (listener, { hands }) => {
        heard.push({ id: listener.actor.id, hands, listener })
      }),
    },
  }
  const world = new World({}, () => [companion])
  const [audience] = met
  if (!audience) throw new Error('The companion met nobody.')
  return { world, heard, audience }
}

describe('a frame that gets no answer', () => {
  it('goes to the companion that takes it, with whoever sent it', async () => {
    const { world, heard } = witness()
    world.product.channel(PARTY, { alice: 0 })
    world.product.channel(QUIET, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    alice.say({ type: 'wave', hands: 2 })
    await world.time.settle()
    expect(heard).toMatchObject([{ id: 'alice', hands: 2 }])
    const [{ listener } = { listener: null }] = heard
    expect([PARTY, QUIET, '999'].map((id) => listener?.watches(id))).toEqual([true, false, false])
    expect(alice.heard()).toEqual([])
  })

  it('that does not fit its form is told, and counts as one without sense', async () => {
    const { world, heard } = witness()
    const alice = await world.connect('alice')
    for (let one = 0; one < 9; one++) alice.say({ type: 'wave', hands: 'two' })
    await world.time.settle()
    expect(alice.heardOf('error')).toHaveLength(9)
    expect(alice.closeCode).toBe(null)
    alice.say({ type: 'nod' })
    expect(alice.closeCode).toBe(4400)
    expect(heard).toEqual([])
  })

  it('is not taken before the welcome', async () => {
    const { world, heard } = witness()
    world.product.holdReads = true
    const alice = world.greet('alice')
    await world.time.settle()
    alice.say({ type: 'wave', hands: 1 })
    expect(alice.closeCode).toBe(4400)
    expect(heard).toEqual([])
  })
})

describe('an audience', () => {
  it('is whoever watches, and may hear something else each', async () => {
    const { world, audience } = witness()
    world.product.channel(PARTY, { alice: 0, bob: 0, carol: 0, dave: 0 })
    const [alice, bob, carol] = [
      await world.connect('alice', { channels: [PARTY] }),
      await world.connect('bob', { channels: [PARTY] }),
      await world.connect('carol', { channels: [PARTY] }),
    ]
    const dave = await world.connect('dave', { channels: [{ id: PARTY, interest: 'list' }] })
    expect([audience.watchers(PARTY), audience.watchers(QUIET)]).toEqual([3, 0])
    const instead = new Map([
      [uidOf('alice'), null],
      [uidOf('bob'), '{"type":"b"}'],
    ])
    audience.tell(PARTY, { frame: '{"type":"a"}', instead })
    audience.tell(QUIET, { frame: '{"type":"a"}', instead })
    await world.time.settle()
    expect([alice, bob, carol, dave].map((one) => one.heard())).toEqual([
      [],
      [{ type: 'b' }],
      [{ type: 'a' }],
      [],
    ])
  })

  it('loses what a slow reader has no room for', async () => {
    const { world, audience } = witness()
    world.product.channel(PARTY, { alice: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    alice.stall()
    await world.announce(world.product.commit(PARTY, { bytes: 70_000 }))
    audience.tell(PARTY, { frame: '{"type":"a"}', instead: new Map() })
    await world.time.settle()
    expect(alice.heardOf('a')).toEqual([])
    expect(world.gateway.counts().dropped).toBe(1)
  })
})
