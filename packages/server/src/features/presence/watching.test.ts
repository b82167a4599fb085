import { describe, expect, test } from 'vitest'
import { uidOf } from '../../connections/product.suite.ts'
import type { SimulatedSocket } from '../../connections/sockets.suite.ts'
import { PARTY } from '../../connections/world.suite.ts'
import { choiceNotice, PRESENCE } from './notices.ts'
import { HOUR, idle, isActive, MINUTE, openWorld, told, watch } from './presence.suite.ts'

describe('whoever watches', () => {
  test('hears in one frame what changed in two seconds, and nothing of others', async () => {
    const { world } = openWorld()
    const bob = await world.connect('bob')
    const eve = await world.connect('eve')
    await watch(world, bob, ['alice', 'carol'])
    await isActive(world, await world.connect('alice'))
    await isActive(world, await world.connect('carol'))
    await isActive(world, await world.connect('dave'))
    await idle(world, 2000, bob, eve)
    expect(bob.heardOf('presence')).toHaveLength(1)
    expect(told(bob)).toEqual(['alice:online', 'carol:online'])
    expect(told(eve)).toEqual([])
  })

  test('watches the new list alone', async () => {
    const { world } = openWorld()
    const bob = await world.connect('bob')
    await watch(world, bob, ['alice'])
    await watch(world, bob, ['carol'])
    await isActive(world, await world.connect('alice'))
    await isActive(world, await world.connect('carol'))
    await idle(world, 2000, bob)
    expect(told(bob)).toEqual(['carol:online'])
    await watch(world, bob, [])
    await isActive(world, await world.connect('dave'))
    expect(world.unexpected).toEqual([])
  })

  test('hears nothing of whom they may not see, and is told when that changes', async () => {
    const { world, records } = openWorld()
    const pair = `${uidOf('bob')}/${uidOf('alice')}`
    records.strangers.add(pair)
    world.product.channel(PARTY, { bob: 0 })
    const bob = await world.connect('bob')
    const alice = await world.connect('alice')
    await isActive(world, alice)
    expect(await watch(world, bob, ['alice'])).toMatchObject([{ state: 'offline' }])
    await idle(world, 10_000, bob, alice)
    expect(told(bob)).toEqual([])
    records.strangers.delete(pair)
    const uid = uidOf('alice')
    const joined = { access: [{ kind: 'granted', uid, visibleFrom: 0 }] } as const
    await world.announce(world.product.commit(PARTY, joined))
    await idle(world, 2000, bob, alice)
    expect(told(bob)).toEqual(['alice:online'])
    records.strangers.add(pair)
    const removed = { access: [{ kind: 'revoked', uid: uidOf('bob') }] } as const
    await world.announce(world.product.commit(PARTY, removed))
    await idle(world, 2000, bob, alice)
    expect(bob.heardOf('presence').at(-1)?.['presences']).toEqual([
      { userId: 'alice', state: 'offline', lastActiveAt: null, status: null },
    ])
  })

  test('hears that a channel which they shared is deleted', async () => {
    const { world, records } = openWorld()
    const bob = await world.connect('bob')
    const alice = await world.connect('alice')
    await watch(world, bob, ['alice'])
    await isActive(world, alice)
    await idle(world, 2000, bob, alice)
    records.strangers.add(`${uidOf('bob')}/${uidOf('alice')}`)
    const own = world.product.commitOwn('bob')
    await world.announce(own)
    await idle(world, 2000, bob, alice)
    expect(told(bob)).toEqual(['alice:online'])
    const left = own.frame.replace('message.created', 'channel.left')
    await world.announce({ ...world.product.commitOwn('bob'), frame: left })
    await idle(world, 2000, bob, alice)
    expect(told(bob)).toEqual(['alice:online', 'alice:offline'])
  })

  test('is told what changed while the answer was read, and of the newest list alone', async () => {
    const { world, records } = openWorld()
    const bob = await world.connect('bob')
    const alice = await world.connect('alice')
    records.held = []
    world.ask(bob, 'presence.watch', { userIds: ['alice', 'carol'] })
    await world.time.settle()
    records.row('alice', { shown_text: 'New' })
    await world.announce({
      kind: 'passing',
      to: PRESENCE,
      about: uidOf('alice'),
      data: choiceNotice(uidOf('alice'), 'online'),
    })
    await records.release(world)
    await idle(world, 2000, bob, alice)
    expect(bob.heardOf('presence')).toMatchObject([
      { presences: [{ userId: 'alice', status: { text: 'New' } }] },
    ])
    bob.forget()
    records.held = []
    await isActive(world, alice)
    await idle(world, 2000, bob, alice)
    world.ask(bob, 'presence.watch', { userIds: ['carol'] })
    await world.time.settle()
    await records.release(world)
    await idle(world, 10_000, bob, alice)
    expect(told(bob)).toEqual([])
  })

  test('is told later what they were too slow for', async () => {
    const { world } = openWorld()
    world.product.channel(PARTY, { bob: 0 })
    const bob = await world.connect('bob', { channels: [PARTY] })
    await watch(world, bob, ['alice'])
    bob.stall()
    await world.announce(world.product.commit(PARTY, { bytes: 70_000 }))
    await isActive(world, await world.connect('alice'))
    await idle(world, 2000, bob)
    expect(told(bob)).toEqual([])
    bob.recover()
    await idle(world, 2000, bob)
    expect(told(bob)).toEqual(['alice:online'])
  })

  test('pays for a long list', async () => {
    const { world } = openWorld()
    const bob = await world.connect('bob')
    const many = Array.from({ length: 500 }, (_, at) => `user${at}`)
    let answered = 0
    for (let time = 0; time < 20; time++) if (await watch(world, bob, many)) answered++
    expect(answered).toBeGreaterThan(5)
    expect(answered).toBeLessThan(17)
    expect(bob.closeCode).toBe(null)
  })
})

describe('the last activity', () => {
  test('is stored once a minute at most, many at once, and again when the store was away', async () => {
    const { world, records } = openWorld()
    const names = ['alice', 'bob']
    const sockets = []
    for (const name of names) sockets.push(await world.connect(name))
    for (let second = 0; second < 120; second += 10) {
      for (const socket of sockets) await isActive(world, socket)
      await idle(world, 10_000, ...sockets)
    }
    expect(records.saves.length).toBeLessThanOrEqual(3)
    expect(records.saves[0]).toHaveLength(2)
    records.broken = true
    await idle(world, MINUTE, ...sockets)
    await isActive(world, sockets[0] as SimulatedSocket)
    await idle(world, 30_000, ...sockets)
    records.broken = false
    const before = records.saves.length
    await idle(world, 10_000, ...sockets)
    expect(records.saves).toHaveLength(before + 1)
  })

  test('is handed over when the server stops, and nothing goes on', async () => {
    const { world, records } = openWorld()
    const alice = await world.connect('alice')
    await isActive(world, alice)
    world.gateway.closeAll()
    await world.time.settle()
    expect(records.saves).toHaveLength(1)
    expect(world.time.pendingTimers).toBe(0)
  })
})

test('a large channel is counted for all who ask, without the invisible ones and whom one must learn nothing of', async () => {
  const { world, records, choose } = openWorld()
  const names = ['alice', 'bob', 'carol', 'dave']
  world.product.channel(PARTY, Object.fromEntries(names.map((name) => [name, 0])))
  const [alice, bob, carol] = [
    await world.connect('alice', { channels: [PARTY] }),
    await world.connect('bob'),
    await world.connect('carol'),
  ]
  await world.connect('dave')
  const stranger = await world.connect('eve')
  for (const socket of [alice, bob, carol, stranger]) await isActive(world, socket)
  await choose('carol', 'invisible')
  const count = async () => {
    alice.forget()
    world.ask(alice, 'presence.count', { channelId: PARTY })
    await world.time.settle()
    return alice.heardOf('response')[0]?.['data']
  }
  expect(await count()).toEqual({ online: 2 })
  records.strangers.add(`${uidOf('alice')}/${uidOf('bob')}`)
  expect(await count()).toEqual({ online: 1 })
  records.strangers.clear()
  await choose('bob', 'invisible')
  expect(await count()).toEqual({ online: 2 })
  await idle(world, 10_000, alice)
  expect(await count()).toEqual({ online: 1 })
})

test('an idle node has no timer', async () => {
  const { world } = openWorld()
  const bob = await world.connect('bob')
  await watch(world, bob, ['bob'])
  await isActive(world, bob)
  bob.vanish()
  await world.time.pass(HOUR)
  expect(world.time.pendingTimers).toBe(0)
  expect(world.unexpected).toEqual([])
})
