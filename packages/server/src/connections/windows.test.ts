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

  it('does not tell what was deleted within the same window, only that it was', async () => {
    const { world, sockets } = await party('alice', 'bob')
    const commit = (change: object) => world.product.commit(PARTY, change)
    const said = commit({ subjectSeq: 2, contentKey: 'message 1' })
    const other = commit({ subjectSeq: 3, contentKey: 'message 2' })
    const edited = commit({ subjectSeq: 2, contentKey: 'message 1', takesBack: ['message 1'] })
    const cheer = commit({
      subjectSeq: 2,
      contentKey: 'reactions 1',
      mergeKey: '1',
      changes: ['a'],
    })
    const gone = commit({ subjectSeq: 2, takesBack: ['message 1', 'reactions 1'] })
    await world.announce(said, other, edited, cheer, gone)
    await world.time.pass(250)
    for (const socket of sockets)
      expect(framesOf(socket)).toMatchObject([
        { prev: 1, seq: 6, omitted: 0, events: [{ seq: other.seq }, { seq: gone.seq }] },
      ])
  })

  it('tells of what was edited within the same window the new content alone', async () => {
    const { world, sockets } = await party('alice')
    const contentKey = 'message 1'
    const said = world.product.commit(PARTY, { subjectSeq: 2, contentKey })
    const cheer = world.product.commit(PARTY, { subjectSeq: 2, contentKey: 'reactions 1' })
    const edited = world.product.commit(PARTY, {
      subjectSeq: 2,
      contentKey,
      takesBack: [contentKey],
    })
    await world.announce(said, cheer, edited)
    await world.time.pass(250)
    expect(framesOf(sockets[0])[0]?.events.map(({ seq }) => seq)).toEqual([cheer.seq, edited.seq])
  })

  it('tells nothing up to the floor of a truncation, and keeps the place of it', async () => {
    const { world, sockets } = await party('alice')
    const below = [2, 3].map((subjectSeq) => world.product.commit(PARTY, { subjectSeq }))
    const above = world.product.commit(PARTY, { subjectSeq: 4 })
    const joined = world.product.commit(PARTY)
    const cut = world.product.commit(PARTY, { floor: 3 })
    await world.announce(...below, above, joined, cut)
    await world.time.pass(250)
    const [frame, ...more] = framesOf(sockets[0])
    expect(more).toEqual([])
    expect(frame).toMatchObject({ prev: 1, seq: 6, omitted: 0 })
    expect(frame?.events.map(({ seq }) => seq)).toEqual([above.seq, joined.seq, cut.seq])
  })

  it('does not count as left out what was taken back, for authors neither', async () => {
    const { world, sockets } = await party('alice', 'bob')
    const flood = floodOf(world, 'carol', 15)
    const omission = { at: AT, butFor: uidOf('bob') }
    const secret = world.product.commit(PARTY, { omission, contentKey: 'message 1' })
    const own = says(world, 'bob')
    const gone = world.product.commit(PARTY, { takesBack: ['message 1'] })
    await world.announce(...flood, secret, own, gone)
    await world.time.pass(250)
    const [alice, bob] = sockets.map((socket) => framesOf(socket)[0])
    expect(alice).toMatchObject({ prev: 1, seq: 19, omitted: 1 })
    expect(alice?.events).toHaveLength(16)
    expect(bob).toMatchObject({ prev: 1, seq: 19, omitted: 0 })
    expect(bob?.events.map(({ seq }) => seq)).not.toContain(secret.seq)
    expect(bob?.events.slice(-2).map(({ seq }) => seq)).toEqual([own.seq, gone.seq])
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
