import { LIMITS } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { uidOf } from '../../connections/product.suite.ts'
import type { SimulatedSocket } from '../../connections/sockets.suite.ts'
import { PARTY, QUIET, World } from '../../connections/world.suite.ts'
import { openCore } from '../../fixtures/core.ts'
import { createTokenBuckets } from '../../kernel/tokenBuckets.ts'
import type { StreamAnnouncement } from '../../ports/bus.ts'
import { createTyping } from './typing.ts'

/** A world in which everybody may type where they are members, until a test holds the answers back. */
function openWorld() {
  const waiting: (() => void)[] = []
  const store = { answers: true, held: false }
  const deaf = new Map<string, Set<string>>()
  const engine = {
    read: () =>
      new Promise((resolve) => {
        const answer = () => resolve(store.answers ? [] : null)
        if (store.held) waiting.push(answer)
        else answer()
      }),
  }
  const world = new World({}, (about) => [
    createTyping(
      {
        engine: engine as never,
        settings: {} as never,
        queue: {} as never,
        node: 0,
        bus: about.bus,
        clock: about.time,
        timers: about.time,
        limits: about.limits,
        buckets: createTokenBuckets(about.time),
        log: { debug() {}, info() {}, warn() {}, error() {} },
      },
      { deafTo: ({ uid }) => deaf.get(uid) ?? new Set() },
    ),
  ])
  return { world, store, deaf, release: () => waiting.splice(0).map((answer) => answer()) }
}

const says = async (world: World, socket: SimulatedSocket, active = true, channel = PARTY) => {
  socket.say({ type: 'typing', channel, active })
  await world.time.settle()
}

/** An event of somebody's, whatever list it shows up in. */
function eventBy(world: World, by: string, name: string): StreamAnnouncement {
  const announcement = world.product.commit(PARTY)
  const frame = JSON.stringify({ ...JSON.parse(announcement.frame), name, by })
  return { ...announcement, frame }
}

/** `alice+bob:3` for each frame: the names and the count. */
const told = (socket: SimulatedSocket) =>
  socket.heardOf('typing').map(({ users, count }) => `${(users as string[]).join('+')}:${count}`)

async function party(world: World, names: readonly string[], more = 0) {
  const crowd = Array.from({ length: more }, (_, at) => `guest${at}`)
  const everybody = [...names, ...crowd]
  world.product.channel(PARTY, Object.fromEntries(everybody.map((name) => [name, 0])))
  const sockets = new Map<string, SimulatedSocket>()
  for (const name of everybody) sockets.set(name, await world.connect(name, { channels: [PARTY] }))
  return (name: string): SimulatedSocket => {
    const socket = sockets.get(name)
    if (!socket) throw new Error(`${name} is not at the party.`)
    return socket
  }
}

describe('who types', () => {
  test('is told at each change to the others, and never to themselves', async () => {
    const { world } = openWorld()
    const at = await party(world, ['alice', 'bob', 'carol'])
    await says(world, at('alice'))
    await says(world, at('bob'))
    await says(world, at('alice'), false)
    expect(told(at('carol'))).toEqual(['alice:1', 'alice+bob:2', 'bob:1'])
    expect(told(at('alice'))).toEqual(['bob:1'])
    expect(told(at('bob'))).toEqual(['alice:1', ':0'])
  })

  test('is told again while it goes on, and ends six seconds after the last sign', async () => {
    const { world } = openWorld()
    const at = await party(world, ['alice', 'bob'])
    await says(world, at('alice'))
    await world.time.pass(3000)
    await says(world, at('alice'))
    await world.time.pass(5999)
    expect(told(at('bob'))).toEqual(['alice:1', 'alice:1'])
    await world.time.pass(1)
    expect(told(at('bob'))).toEqual(['alice:1', 'alice:1', ':0'])
  })

  test('ends with a message of theirs, with a removal and with the channel', async () => {
    const { world } = openWorld()
    const at = await party(world, ['alice', 'bob', 'carol', 'dave'])
    for (const name of ['alice', 'bob', 'carol']) await says(world, at(name))
    at('dave').forget()
    await world.announce(eventBy(world, 'alice', 'message.edited'))
    expect(told(at('dave')), 'an edit ends nothing').toEqual([])
    await world.announce(eventBy(world, 'alice', 'message.created'))
    const access = [{ kind: 'revoked', uid: uidOf('bob') }] as const
    await world.announce(world.product.commit(PARTY, { access }))
    expect(told(at('dave'))).toEqual(['bob+carol:2', 'carol:1'])
    await world.announce(world.product.commit(PARTY, { closes: true }))
    await world.time.pass(10_000)
    expect(told(at('dave'))).toEqual(['bob+carol:2', 'carol:1'])
  })

  test('of whom a message overtook the question is not told', async () => {
    const { world, store, release } = openWorld()
    const at = await party(world, ['alice', 'bob'])
    store.held = true
    await says(world, at('alice'))
    await world.announce(eventBy(world, 'alice', 'message.created'))
    release()
    await says(world, at('alice'))
    await says(world, at('alice'), false)
    release()
    await world.time.settle()
    expect(told(at('bob'))).toEqual([])
  })

  test('counts from who watches, may send and does not say it all the time', async () => {
    const { world, store } = openWorld()
    const at = await party(world, ['alice', 'bob'])
    const list = await world.connect('alice', { channels: [{ id: PARTY, interest: 'list' }] })
    await says(world, list)
    await says(world, at('alice'), true, QUIET)
    await says(world, at('alice'), true, '999')
    store.answers = false
    await says(world, at('alice'))
    expect(told(at('bob'))).toEqual([])
    store.answers = true
    for (let one = 0; one < 20; one++) await says(world, at('alice'))
    expect(told(at('bob'))).toHaveLength(LIMITS.typingBurst - 1)
    await says(world, at('alice'), false)
    expect(told(at('bob')).at(-1)).toBe(':0')
    await world.time.pass(2000)
    await says(world, at('alice'))
    expect(told(at('bob')).at(-1)).toBe('alice:1')
    expect(at('alice').closeCode).toBe(null)
  })

  test('is not told to whoever must not hear of it, not even by a frame without news', async () => {
    const { world, deaf } = openWorld()
    const at = await party(world, ['alice', 'bob', 'carol', 'dave'])
    deaf.set(uidOf('alice'), new Set([uidOf('bob')]))
    deaf.set(uidOf('bob'), new Set([uidOf('alice')]))
    await says(world, at('carol'))
    await says(world, at('alice'))
    await says(world, at('bob'))
    await says(world, at('alice'), false)
    await says(world, at('carol'), false)
    expect(told(at('dave'))).toEqual([
      'carol:1',
      'carol+alice:2',
      'carol+alice+bob:3',
      'carol+bob:2',
      'bob:1',
    ])
    expect(told(at('bob'))).toEqual(['carol:1', ':0'])
    expect(told(at('alice'))).toEqual(['carol:1', ':0'])
  })

  test('leaves no timer when all have gone', async () => {
    const { world } = openWorld()
    const at = await party(world, ['alice', 'bob'])
    await says(world, at('alice'))
    for (const name of ['alice', 'bob']) at(name).vanish()
    await world.time.pass(7000)
    expect(world.time.pendingTimers).toBe(0)
    expect(world.unexpected).toEqual([])
  })
})

describe('who types among many', () => {
  const WRITERS = ['a', 'b', 'c', 'd', 'e', 'f', 'g']

  test('is told once a second with five names above fifty watchers', async () => {
    const { world } = openWorld()
    const at = await party(world, WRITERS, 51 - WRITERS.length)
    for (const name of WRITERS) await says(world, at(name))
    expect(told(at('guest0'))).toEqual(['a:1'])
    await world.time.pass(1000)
    expect(told(at('guest0'))).toEqual(['a:1', 'a+b+c+d+e:7'])
    expect(told(at('a')).at(-1)).toBe('b+c+d+e+f:6')
    expect(told(at('g')).at(-1)).toBe('a+b+c+d+e:6')
    await world.time.pass(4999)
    expect(told(at('guest0')).slice(2)).toEqual([])
    await world.time.pass(1001)
    expect(told(at('guest0')).at(-1)).toBe(':0')
    expect(told(at('guest0')).length).toBeLessThanOrEqual(4)
  })

  test('is not told to whoever must not hear of it, when only such began or ended', async () => {
    const { world, deaf } = openWorld()
    const at = await party(world, WRITERS, 51 - WRITERS.length)
    for (const name of ['b', 'c']) deaf.set(uidOf(name), new Set([uidOf('guest0')]))
    await says(world, at('a'))
    await says(world, at('b'))
    await world.time.pass(1000)
    await says(world, at('c'))
    await world.time.pass(1000)
    expect(told(at('guest1'))).toEqual(['a:1', 'a+b:2', 'a+b+c:3'])
    expect(told(at('guest0'))).toEqual(['a:1'])
    await says(world, at('d'))
    await world.time.pass(1000)
    expect(told(at('guest1')).at(-1)).toBe('a+b+c+d:4')
    expect(told(at('guest0'))).toEqual(['a:1', 'a+d:2'])
  })

  test('is told once in three seconds with three names above two hundred', async () => {
    const { world } = openWorld()
    const at = await party(world, WRITERS, 201 - WRITERS.length)
    for (const name of WRITERS) await says(world, at(name))
    await world.time.pass(2999)
    expect(told(at('guest0'))).toEqual(['a:1'])
    await world.time.pass(1)
    expect(told(at('guest0'))).toEqual(['a:1', 'a+b+c:7'])
  })

  test('is not told at all above two thousand', async () => {
    const { world } = openWorld()
    const at = await party(world, ['a'], 2000)
    await says(world, at('a'))
    await world.time.pass(10_000)
    expect(told(at('guest0'))).toEqual([])
    at('guest1').vanish()
    await says(world, at('a'))
    expect(told(at('guest0'))).toEqual(['a:1'])
  })
})

test('a choice that cannot be read hides more than it shows', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  await alice.call('privacy.update', { typing: true })
  await core.spoil("UPDATE privacy SET choices = '{'")
  expect(await alice.call('privacy.get')).toEqual({
    privacy: { typing: false, receipts: false },
  })
  expect(await alice.call('privacy.update', { typing: true })).toEqual({
    privacy: { typing: true, receipts: false },
  })
})
