import { describe, expect, test } from 'vitest'
import type { Announcement } from '../../ports/bus.ts'
import { idle, isActive, MINUTE, openWorld, told, watch } from './presence.suite.ts'

describe('a user', () => {
  test('is online while they do something, away when they do not, and offline at last', async () => {
    const { world } = openWorld()
    const bob = await world.connect('bob')
    expect(await watch(world, bob, ['alice', 'nobody'])).toEqual([
      { userId: 'alice', state: 'offline', lastActiveAt: null, status: null },
      { userId: 'nobody', state: 'offline', lastActiveAt: null, status: null },
    ])
    const alice = await world.connect('alice')
    await idle(world, 2000, bob, alice)
    expect(told(bob), 'a connection is no person').toEqual(['alice:away'])
    await isActive(world, alice)
    const at = world.time.now()
    await idle(world, 1999, bob, alice)
    expect(told(bob)).toHaveLength(1)
    await idle(world, 1, bob, alice)
    expect(told(bob)).toEqual(['alice:away', 'alice:online'])
    await idle(world, 4 * MINUTE, bob, alice)
    await isActive(world, alice)
    await idle(world, 5 * MINUTE - 1, bob, alice)
    expect(told(bob)).toHaveLength(2)
    await idle(world, 2001, bob, alice)
    expect(told(bob).at(-1)).toBe('alice:away')
    alice.vanish()
    await idle(world, 40_000, bob)
    expect(told(bob)).toEqual(['alice:away', 'alice:online', 'alice:away', 'alice:offline'])
    const seen = at + 4 * MINUTE + 2000
    expect(bob.heardOf('presence').at(-1)).toMatchObject({
      presences: [{ lastActiveAt: seen - (seen % MINUTE) }],
    })
  })

  test('has one state on all devices, and a reconnect is no coming and going', async () => {
    const { world } = openWorld()
    const bob = await world.connect('bob')
    await watch(world, bob, ['alice'])
    const [phone, desk] = [await world.connect('alice'), await world.connect('alice')]
    await isActive(world, phone)
    await idle(world, 10_000, bob, phone, desk)
    phone.vanish()
    await idle(world, 10_000, bob, desk)
    desk.vanish()
    await idle(world, 29_000, bob)
    const again = await world.connect('alice')
    await idle(world, 60_000, bob, again)
    expect(told(bob)).toEqual(['alice:online'])
  })

  test('that is invisible looks as if they had gone, and does nothing that is seen', async () => {
    const { world, records, choose } = openWorld()
    const bob = await world.connect('bob')
    const alice = await world.connect('alice')
    await isActive(world, alice)
    const seen = world.time.now()
    await idle(world, 10_000, bob, alice)
    await watch(world, bob, ['alice'])
    await choose('alice', 'invisible')
    await idle(world, 2000, bob, alice)
    await idle(world, 20 * MINUTE, bob, alice)
    await isActive(world, alice)
    await idle(world, 20_000, bob, alice)
    const lastActiveAt = seen - (seen % MINUTE)
    const offline = { userId: 'alice', state: 'offline', lastActiveAt, status: null }
    expect(bob.heardOf('presence')).toEqual([{ type: 'presence', presences: [offline] }])
    expect(await watch(world, bob, ['alice'])).toEqual([offline])
    expect(records.saves.flat().map(([, at]) => at)).toEqual([lastActiveAt])
    alice.vanish()
    const back = await world.connect('alice')
    await isActive(world, back)
    await idle(world, MINUTE, bob, back)
    expect(told(bob)).toEqual(['alice:offline'])
    await choose('alice', 'online')
    await idle(world, 2000, bob, back)
    expect(told(bob)).toEqual(['alice:offline', 'alice:online'])
  })

  test('that was invisible before a restart is so from the first moment on', async () => {
    const { world, records } = openWorld()
    records.row('alice', { choice: 'invisible' })
    const bob = await world.connect('bob')
    await watch(world, bob, ['alice'])
    const alice = await world.connect('alice')
    await isActive(world, alice)
    await idle(world, MINUTE, bob, alice)
    expect(told(bob)).toEqual([])
  })

  test('of whom nothing is known yet is not told to anybody', async () => {
    const { world, records } = openWorld()
    records.row('alice', { choice: 'invisible' })
    const passing: Announcement[] = []
    world.bus.subscribe((one) => {
      if (one.kind === 'passing') passing.push(one)
    })
    records.held = []
    const alice = await world.connect('alice')
    await isActive(world, alice)
    await idle(world, MINUTE, alice)
    await records.release(world)
    await isActive(world, alice)
    expect(passing).toEqual([])
  })

  test('that chose to be away is never more than that', async () => {
    const { world, choose } = openWorld()
    const bob = await world.connect('bob')
    await watch(world, bob, ['alice'])
    const alice = await world.connect('alice')
    await choose('alice', 'away')
    await isActive(world, alice)
    await idle(world, 20_000, bob, alice)
    expect(told(bob)).toEqual(['alice:away'])
  })
})
