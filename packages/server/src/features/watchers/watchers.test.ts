import { describe, expect, test } from 'vitest'
import type { SimulatedSocket } from '../../connections/sockets.suite.ts'
import { beat, PARTY, QUIET, World } from '../../connections/world.suite.ts'
import type { Settings } from '../../kernel/handlers.ts'
import { Moments } from '../../kernel/moments.ts'
import { createTokenBuckets } from '../../kernel/tokenBuckets.ts'
import { COUNT, WATCHERS } from './notices.ts'
import { createWatchers } from './watchers.ts'

const NAMES = ['alice', 'bob', 'carol']

/** A live channel and a group, in which everybody is a member. */
function openWorld() {
  const moments = new Moments()
  const world = new World({}, ({ bus, time, limits }) => [
    createWatchers({
      engine: {} as never,
      settings: { moments } as Settings,
      queue: {} as never,
      node: 0,
      bus,
      clock: time,
      timers: time,
      limits,
      buckets: createTokenBuckets(time),
      log: { debug() {}, info() {}, warn() {}, error() {} },
    }),
  ])
  const members = Object.fromEntries(NAMES.map((name) => [name, 0]))
  world.product.channel(PARTY, members).window = { ms: 250, shownPerSecond: 15 }
  world.product.channel(QUIET, members)
  const watches = (name: string) => world.connect(name, { channels: [PARTY, QUIET] })
  const count = () => moments.look(COUNT, PARTY)
  return { world, watches, count }
}

const told = (socket: SimulatedSocket) => {
  for (const frame of socket.heardOf('watchers')) expect(frame['channel']).toBe(PARTY)
  return socket.heardOf('watchers').map((frame) => frame['count'])
}

async function pass(world: World, ms: number, ...sockets: readonly SimulatedSocket[]) {
  await world.time.pass(ms)
  for (const socket of sockets) beat(socket)
}

describe('how many watch a live channel', () => {
  test('is told once in ten seconds, while it changes, and counts each user once', async () => {
    const { world, watches, count } = openWorld()
    const alice = await watches('alice')
    const desk = await watches('alice')
    await pass(world, 9_999, alice, desk)
    expect(told(alice)).toEqual([])
    await pass(world, 1, alice, desk)
    expect([told(alice), told(desk), count()]).toEqual([[1], [1], 1])
    await pass(world, 30_000, alice, desk)
    expect(told(alice), 'nothing new').toEqual([1])
    const bob = await watches('bob')
    await pass(world, 4000, alice, desk, bob)
    const carol = await watches('carol')
    await pass(world, 6000, alice, desk, bob, carol)
    expect([told(alice), told(bob), told(carol), count()]).toEqual([[1, 3], [3], [3], 3])
    bob.vanish()
    desk.vanish()
    await pass(world, 10_000, alice, carol)
    expect([told(alice), told(carol), count()]).toEqual([[1, 3, 2], [3, 2], 2])
  })

  test('is told also when one came and one went, and forgotten when nobody is left', async () => {
    const { world, watches, count } = openWorld()
    const alice = await watches('alice')
    const bob = await watches('bob')
    await pass(world, 10_000, alice, bob)
    bob.vanish()
    const carol = await watches('carol')
    await pass(world, 10_000, alice, carol)
    expect([told(alice), told(carol)]).toEqual([[2, 2], [2]])
    world.ask(alice, 'interest.set', { channels: [{ id: PARTY, interest: 'list' }] })
    carol.vanish()
    await pass(world, 10_000, alice)
    expect(told(alice), 'who only has it in the list hears nothing').toEqual([2, 2])
    expect(count()).toBeNull()
  })

  test('adds what other nodes count, and ends with the channel', async () => {
    const { world, watches, count } = openWorld()
    const says = (node: number, users: number) =>
      world.announce({
        kind: 'passing',
        to: WATCHERS,
        about: PARTY,
        data: { channelId: PARTY, node, users },
      })
    await says(1, 40)
    expect(count()).toBe(40)
    const alice = await watches('alice')
    await pass(world, 10_000, alice)
    expect(told(alice)).toEqual([41])
    await says(2, 10)
    await says(1, 39)
    await pass(world, 10_000, alice)
    expect(told(alice)).toEqual([41, 50])
    await says(2, 0)
    await says(1, 0)
    await world.announce(world.product.commit(PARTY, { closes: true }))
    await pass(world, 10_000, alice)
    expect(told(alice)).toEqual([41, 50])
    expect(count()).toBeNull()
  })
})
