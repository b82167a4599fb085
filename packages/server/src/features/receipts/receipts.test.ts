import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

test('receipts are the same in whatever order they come, and however often', async () => {
  await using core = await openCore()
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const members = [{ userId: 'bob' }]
  const orders = [
    ['deliver 3', 'read 2', 'deliver 5', 'read 4'],
    ['read 4', 'deliver 5', 'read 2', 'deliver 3'],
    ['deliver 5', 'deliver 5', 'read 4', 'read 2', 'read 4'],
  ]
  for (const order of orders) {
    const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
    const channelId = channel.id
    for (let n = 0; n < 3; n++)
      await alice.call('message.send', { channelId, clientId: clientId(), text: `${n}` })
    for (const step of order) {
      const [what, seq] = step.split(' ')
      if (what === 'read') await bob.call('receipt.read', { channelId, seq: Number(seq) })
      else await bob.call('receipt.deliver', { channels: [{ id: channelId, seq: Number(seq) }] })
    }
    expect((await alice.call('receipt.list', { channelId })).receipts, order.join()).toEqual([
      { userId: 'bob', delivered: 5, read: 4 },
    ])
  }
})

test('a channel that grows beyond the bound has none any more', async () => {
  await using core = await openCore({ channelTypes: { group: { receiptsUpTo: 2 } } })
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  await core.user('charlie')
  const members = [{ userId: 'bob' }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const channelId = channel.id
  await bob.call('receipt.read', { channelId })
  expect((await alice.call('receipt.list', { channelId })).receipts).toHaveLength(1)
  await alice.call('member.add', { channelId, members: [{ userId: 'charlie' }] })
  expect(await alice.call('receipt.list', { channelId })).toEqual({ on: false, receipts: [] })
  core.heard.length = 0
  await bob.call('receipt.read', { channelId })
  expect(core.heard.filter(({ kind }) => kind === 'value')).toEqual([])
})
