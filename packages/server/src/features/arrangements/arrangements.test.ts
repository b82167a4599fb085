import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { arrangementCheck } from './arrangements.check.ts'

test('a channel is quiet until the time that it was muted for, and not a moment longer', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const bob = await core.user('bob')
  const { channel } = await alice.call('channel.create', {
    clientId: clientId(),
    members: [{ userId: 'bob' }],
  })
  const channelId = channel.id
  const total = async () => (await bob.call('unread.total', {})).unread
  await alice.call('message.send', { channelId, clientId: clientId(), text: 'hi' })
  expect(await total()).toBe(1)
  const until = core.clock.ms + 1000
  await bob.call('channel.arrange', { channelId, muted: { until } })
  core.clock.ms = until - 1
  expect(await total()).toBe(0)
  core.clock.ms = until
  expect(await total()).toBe(1)
  const { arrangement } = await bob.call('channel.get', { channelId })
  expect(arrangement.muted, 'what was chosen stays').toEqual({ until })
  const again = bob.call('channel.arrange', { channelId, muted: { until } })
  await expect(again).rejects.toMatchObject({ code: 'bad_request' })
})

test('a channel that would stay hidden too long is found and set right', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  const at = { channelId: channel.id }
  await alice.call('message.send', { ...at, clientId: clientId(), text: 'hi' })
  await alice.call('channel.arrange', { ...at, hidden: true })
  const found: string[] = []
  const check = (repair: boolean) =>
    checkStore({
      engine: core.engine,
      checks: [arrangementCheck],
      repair,
      found: ({ what }) => void found.push(what),
      progress() {},
    })
  await check(false)
  expect(found).toEqual([])
  await core.spoil('UPDATE memberships SET hidden_up_to = 7')
  await check(true)
  expect(found).toEqual(['is hidden up to message 7, and there were only 1 to read'])
  const listed = async () => (await alice.call('channel.list')).channels.length
  expect(await listed()).toBe(0)
  await alice.call('message.send', { ...at, clientId: clientId(), text: 'again' })
  expect(await listed()).toBe(1)
})
