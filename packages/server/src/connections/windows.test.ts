import type { EventsFrame } from '@tertulia/protocol'
import { describe, expect, it } from 'vitest'
import { uidOf } from './product.suite.ts'
import type { SimulatedSocket } from './sockets.suite.ts'
import { beat, PARTY, World } from './world.suite.ts'

const AT = 1_800_000_000_000

/** A channel that is told in windows, and people who watch it. */
async function party(...names: readonly string[]) {
  const world = new World()
  const members = Object.fromEntries(names.map((name) => [name, 0]))
  const channel = world.product.channel(PARTY, members)
  channel.window = { ms: 250, shownPerSecond: 15 }
  const sockets: SimulatedSocket[] = []
  for (const name of names) sockets.push(await world.connect(name, { channels: [PARTY] }))
  return { world, channel, sockets: sockets as [SimulatedSocket, ...SimulatedSocket[]] }
}

/** Something that may be left out, said by somebody at a moment. */
const says = ({ product }: World, name: string, ms = 0) =>
  product.commit(PARTY, { omission: { at: AT + ms, butFor: uidOf(name) } })

const floodOf = (world: World, name: string, count: number) =>
  Array.from({ length: count }, () => says(world, name))

const framesOf = (socket: SimulatedSocket) => socket.heardOf('events') as unknown as EventsFrame[]

describe('a channel that is told in windows', () => {
  it('tells all that came within one as one frame, the same bytes for everybody', async () => {
    const { world, sockets } = await party('alice', 'bob')
    await world.announce(world.product.commit(PARTY), world.product.commit(PARTY))
    await world.time.pass(249)
    for (const socket of sockets) expect(socket.heard()).toEqual([])
    await world.time.pass(1)
    const [alice, bob] = sockets.map((socket) => socket.heard())
    expect(alice).toMatchObject([
      { type: 'events', prev: 1, seq: 3, omitted: 0, events: [{ seq: 2 }, { seq: 3 }] },
    ])
    expect(bob).toEqual(alice)
    await world.announce(world.product.commit(PARTY))
    await world.time.pass(250)
    expect(framesOf(sockets[0]).at(-1)).toMatchObject({ prev: 3, seq: 4 })
  })

  it('leaves out of a flood what may be, counts it, and chooses once for all', async () => {
    const { world, sockets } = await party('alice', 'bob', 'carol')
    const flood = floodOf(world, 'nobody here', 20)
    const kept = world.product.commit(PARTY)
    await world.announce(...flood, kept)
    await world.time.pass(250)
    const [alice, ...others] = sockets.map(framesOf)
    expect(alice).toHaveLength(1)
    expect(alice?.[0]).toMatchObject({ prev: 1, seq: 22, omitted: 5 })
    expect(alice?.[0]?.events).toHaveLength(16)
    expect(alice?.[0]?.events.at(-1)?.seq).toBe(kept.seq)
    for (const other of others) expect(other).toEqual(alice)
    expect(world.gateway.counts().omitted).toBe(5)
  })

  it('tells authors what they said themselves, on each of their connections', async () => {
    const { world, sockets } = await party('alice', 'bob')
    const desk = await world.connect('bob', { channels: [PARTY] })
    const flood = floodOf(world, 'alice', 15)
    const own = says(world, 'bob')
    const more = floodOf(world, 'carol', 2)
    await world.announce(...flood, own, ...more)
    await world.time.pass(250)
    const [alice, bob] = sockets.map((socket) => framesOf(socket)[0])
    expect(alice).toMatchObject({ prev: 1, seq: 19, omitted: 3 })
    expect(alice?.events.map(({ seq }) => seq)).not.toContain(own.seq)
    expect(bob).toMatchObject({ prev: 1, seq: 19, omitted: 2 })
    expect(bob?.events.map(({ seq }) => seq)).toContain(own.seq)
    expect(framesOf(desk)[0]).toEqual(bob)
  })

  it('tells its last event at once, behind all that waited', async () => {
    const { world, sockets } = await party('alice')
    const before = world.product.commit(PARTY)
    await world.announce(before, world.product.commit(PARTY, { closes: true }))
    expect(sockets[0].heard()).toMatchObject([
      { type: 'events', prev: 1, seq: 2 },
      { type: 'event', prev: 2, seq: 3 },
    ])
  })

  it('tells nobody what was said after they had to go, and does not close a hole', async () => {
    const { world, sockets } = await party('alice', 'bob')
    const said = world.product.commit(PARTY)
    const access = [{ kind: 'revoked', uid: uidOf('bob') }] as const
    const removed = world.product.commit(PARTY, { access })
    world.product.commit(PARTY)
    const late = world.product.commit(PARTY)
    await world.announce(said, removed, late)
    await world.time.pass(250)
    expect(framesOf(sockets[0])).toMatchObject([
      { prev: 1, seq: 3 },
      { prev: 4, seq: 5 },
    ])
    expect(sockets[1]?.heard()).toEqual([])
  })

  it('tells who comes while a window is open no less than those who were there', async () => {
    const { world } = await party('alice', 'bob')
    await world.announce(world.product.commit(PARTY))
    await world.time.pass(100)
    world.product.holdReads = true
    const bob = world.greet('bob', { channels: [PARTY] })
    await world.time.settle()
    world.product.reads[0]?.snapshot()
    await world.announce(world.product.commit(PARTY))
    await world.time.pass(100)
    world.product.reads[0]?.answer()
    await world.time.settle()
    await world.announce(world.product.commit(PARTY))
    await world.time.pass(250)
    expect(bob.heardOf('welcome')).toMatchObject([{ channels: [{ status: 'same', seq: 2 }] }])
    const [frame, ...more] = framesOf(bob)
    expect(more).toEqual([])
    expect(frame).toMatchObject({ prev: 1, seq: 4 })
  })

  it('is not told early by a heartbeat, which names no place beyond it', async () => {
    const { world, sockets } = await party('alice')
    const [alice] = sockets
    for (let ms = 0; ms < 60_000; ms += 250) {
      await world.announce(world.product.commit(PARTY))
      await world.time.pass(250)
      if (ms % 10_000 === 0) beat(alice)
    }
    expect(alice.heardOf('heartbeat').length).toBeGreaterThan(0)
    expect(framesOf(alice)).toHaveLength(240)
    let told = 0
    for (const frame of alice.heard() as unknown as (EventsFrame | { type: 'heartbeat' })[])
      if (frame.type === 'events') told = frame.seq
      else expect(frame).toMatchObject({ heads: { [PARTY]: told } })
  })

  it('tells at once what grows too large to wait', async () => {
    const { world, sockets } = await party('alice')
    const bytes = world.limits.windowBytes / 2
    await world.announce(world.product.commit(PARTY, { bytes }))
    expect(sockets[0].heard()).toEqual([])
    await world.announce(world.product.commit(PARTY, { bytes }))
    expect(framesOf(sockets[0])).toHaveLength(1)
    await world.time.pass(250)
    expect(framesOf(sockets[0])).toHaveLength(1)
  })
})
