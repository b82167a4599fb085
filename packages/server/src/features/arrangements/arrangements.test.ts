import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

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
