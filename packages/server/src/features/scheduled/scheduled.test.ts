import { LIMITS } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { type Answer, clientId } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { scheduledCheck } from './scheduled.check.ts'
import { lunch, refused } from './scheduled.suite.ts'

const DAY = 86_400_000

describe('time', () => {
  test('lies between a second and a year ahead', async () => {
    const { core, bob, later } = await lunch()
    await using _ = core
    for (const ms of [-DAY, 0, LIMITS.scheduledLeastMs - 1, LIMITS.scheduledMostMs + 1])
      await refused(bob.call('scheduled.create', later(ms)), 'bad_request')
    for (const ms of [LIMITS.scheduledLeastMs, LIMITS.scheduledMostMs])
      await bob.call('scheduled.create', later(ms))
    const wish = later(5000)
    await bob.call('scheduled.create', wish)
    const { channelId, clientId: key } = wish
    const past = { channelId, clientId: key, sendAt: core.clock.ms }
    await refused(bob.call('scheduled.update', past), 'bad_request')
    core.clock.ms += DAY
    const again = await bob.call('scheduled.create', wish)
    expect(again, 'a retry may come late').toMatchObject({ duplicate: true, scheduled: wish })
  })

  test('is kept to the millisecond, also by a clock that jumps', async () => {
    const { core, bob, later, said } = await lunch()
    await using _ = core
    await bob.call('scheduled.create', later(10_000))
    const from = core.clock.ms
    const sentAt = async (ms: number) => {
      core.clock.now = () => from + ms
      await core.sweeper.sweep()
      return said()
    }
    expect(await sentAt(9999)).toEqual([])
    expect(await sentAt(-DAY)).toEqual([])
    expect(await sentAt(10_000)).toEqual(['later'])
    expect(await sentAt(-DAY)).toEqual(['later'])
    expect(await sentAt(DAY)).toEqual(['later'])
  })

  test('gives the order, then the client id does', async () => {
    const { core, bob, later, said } = await lunch({ limits: { scheduledAtOnce: 2 } })
    await using _ = core
    const wishes = [later(3000, 'd'), later(2000, 'b'), later(2000, 'c'), later(1000, 'a')]
    for (const wish of wishes.toReversed()) await bob.call('scheduled.create', wish)
    core.clock.ms += 5000
    let rounds = 1
    while ((await core.sweeper.sweep()).length > 0) rounds++
    expect(await said()).toEqual(['a', 'b', 'c', 'd'])
    expect(rounds).toBeGreaterThan(2)
  })
})

describe('the client id', () => {
  test('stands for one message, before and after it was sent', async () => {
    const { core, bob, later, said, list } = await lunch()
    await using _ = core
    const wish = later(1000)
    await bob.call('scheduled.create', wish)
    const other = { ...wish, text: 'other' }
    await refused(bob.call('scheduled.create', other), 'message.client_id_reused')
    const { sendAt: __, ...send } = wish
    const { message } = await bob.call('message.send', send)
    core.clock.ms += 1000
    await core.sweeper.sweep()
    expect(await said(), 'it was sent by hand meanwhile').toEqual(['later'])
    expect(await list()).toEqual([])
    const place = { channelId: wish.channelId, clientId: wish.clientId }
    await expect(bob.call('scheduled.cancel', place)).rejects.toMatchObject({
      code: 'scheduled.sent',
      details: { seq: message.seq },
    })
    expect(await bob.call('scheduled.create', wish)).toEqual({ scheduled: null, duplicate: true })
    expect(await bob.call('message.send', send)).toMatchObject({ duplicate: true })
    const sent = { ...later(1000), clientId: wish.clientId, text: 'new' }
    await refused(bob.call('scheduled.create', sent), 'message.client_id_reused')
  })

  test.each(['scheduled.cancel', 'scheduled.update'] as const)(
    'what was sent by hand is not taken back by %s, and ends with it',
    async (op) => {
      const { core, bob, later, said, list } = await lunch()
      await using _ = core
      const wish = later(DAY)
      await bob.call('scheduled.create', wish)
      const { sendAt: __, ...send } = wish
      const { message } = await bob.call('message.send', send)
      const place = { channelId: wish.channelId, clientId: wish.clientId }
      core.heard.length = 0
      for (let tries = 0; tries < 2; tries++)
        await expect(bob.call(op, place)).rejects.toMatchObject({
          code: 'scheduled.sent',
          details: { seq: message.seq },
        })
      expect(await list()).toEqual([])
      const told = core.heard.filter((one) => one.kind === 'event' && one.stream === bob.actor.uid)
      expect(told).toMatchObject([
        { frame: expect.stringContaining(`"messageId":"${message.id}"`) },
      ])
      core.clock.ms += DAY
      await core.sweeper.sweep()
      expect(await said()).toEqual(['later'])
    },
  )

  test('what is cancelled stays cancelled, whatever is repeated', async () => {
    const { core, bob, later, said } = await lunch()
    await using _ = core
    const wish = later(1000)
    const place = { channelId: wish.channelId, clientId: wish.clientId }
    await bob.call('scheduled.create', wish)
    expect(await bob.call('scheduled.cancel', place)).toEqual({})
    expect(await bob.call('scheduled.cancel', place)).toEqual({})
    expect(await bob.call('scheduled.create', wish)).toEqual({ scheduled: null, duplicate: true })
    core.clock.ms += 1000
    await core.sweeper.sweep()
    expect(await said()).toEqual([])
  })

  test('of what was scheduled is remembered while it waits, and kept for the channel alone', async () => {
    const { core, bob, channelId, later, list } = await lunch()
    await using _ = core
    const wish = later(100 * DAY)
    await bob.call('scheduled.create', wish)
    core.clock.ms += 40 * DAY
    await core.sweeper.sweep()
    expect(await bob.call('scheduled.create', wish)).toMatchObject({ duplicate: true })
    const { channel } = await bob.call('channel.create', { clientId: clientId() })
    await bob.call('scheduled.create', { ...wish, channelId: channel.id })
    expect((await list()).map((one: Answer) => one.channelId)).toEqual([channelId, channel.id])
  })
})

test('100 may wait, and the next one has to', async () => {
  const { core, bob, later } = await lunch({ limits: { scheduledPerUser: 3 } })
  await using _ = core
  const wishes = [1, 2, 3].map(() => later(1000))
  for (const wish of wishes) await bob.call('scheduled.create', wish)
  await refused(bob.call('scheduled.create', later(1000)), 'scheduled.limit')
  const [first] = wishes
  await bob.call('scheduled.cancel', { channelId: first?.channelId, clientId: first?.clientId })
  await bob.call('scheduled.create', later(1000))
})

test('a row without an author is found and dropped', async () => {
  const { core, bob, later } = await lunch()
  await using _ = core
  await bob.call('scheduled.create', later(1000))
  const found: string[] = []
  const check = (repair: boolean) =>
    checkStore({
      engine: core.engine,
      checks: [scheduledCheck],
      repair,
      found: ({ what }) => void found.push(what),
      progress() {},
    })
  await check(false)
  expect(found).toEqual([])
  await core.spoil('UPDATE scheduled SET uid = 5')
  await check(true)
  await check(false)
  expect(found).toEqual(['has no author'])
})
