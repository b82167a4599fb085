import { describe, expect, it } from 'vitest'
import type { Framing, Socket } from '../ports/socket.ts'
import type { Bytes } from './bytes.ts'
import { Connection } from './connection.ts'
import { Fanout } from './fanout.ts'
import { SimulatedSocket, simulatedFraming } from './sockets.suite.ts'
import { SimulatedTime } from './time.suite.ts'
import { PARTY, QUIET, World } from './world.suite.ts'

const connectionAt = (fanout: Fanout, socket: Socket<Bytes>) =>
  new Connection({
    id: 'c_1',
    socket,
    receiver: { text() {}, binary() {}, pinged() {}, drained() {}, closed() {} },
    caller: { address: '', token: null, ticket: null },
    root: fanout.root,
    now: 0,
  })

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

    // A frame is measured when it enters the tree of a turn: twice means that the first tree is gone.
    const measured: unknown[] = []
    const time = new SimulatedTime()
    const framing = { ...simulatedFraming, size: (frames: unknown) => measured.push(frames) }
    const fanout = new Fanout({
      framing: framing as unknown as Framing<Bytes>,
      timers: time,
      now: () => 0,
      turnBytes: 1000,
      behind() {},
      failed() {},
    })
    const socket = new SimulatedSocket() as unknown as Socket<Bytes>
    const connection = connectionAt(fanout, socket)
    const frame = simulatedFraming.frame('x') as unknown as Bytes
    for (let turn = 0; turn < 2; turn++) {
      fanout.add(connection, frame)
      time.turn()
    }
    expect(measured).toHaveLength(2)
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

  it('goes on for the others when one socket breaks', async () => {
    const world = new World()
    world.product.channel(PARTY, { alice: 0, bob: 0 })
    const alice = await world.connect('alice', { channels: [PARTY] })
    const bob = await world.connect('bob', { channels: [PARTY] })
    alice.write = () => {
      throw new Error('broken')
    }
    await world.announce(world.product.commit(PARTY))
    await world.announce(world.product.commit(PARTY))
    expect(alice.closedWith).toBe('terminated')
    expect(bob.heard()).toMatchObject([{ seq: 2 }, { seq: 3 }])
    expect(world.unexpected).toHaveLength(1)
    expect(world.gateway.counts().connections).toBe(1)
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
