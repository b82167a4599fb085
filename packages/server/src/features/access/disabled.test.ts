import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

async function openGroup() {
  const core = await openCore()
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const members = [{ userId: 'bob' }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const channelId: string = channel.id
  const becomes = (state: string) => core.server('channel.update', { channelId, state })
  const told = () =>
    core.heard.flatMap((one) => (one.kind === 'event' && one.stream === channelId ? [one] : []))
  return { core, alice, bob, channelId, becomes, told }
}

describe('a disabled channel', () => {
  test('gives interest to nobody: not to who is added, and not to who connects', async () => {
    const { core, bob, channelId, becomes, told } = await openGroup()
    await using _ = core
    await becomes('disabled')
    await core.user('charlie')
    await core.server('member.add', { channelId, members: [{ userId: 'charlie' }] })
    expect(told().at(-1)).toMatchObject({ access: [], closes: false })
    const question = { user: undefined, channels: [], recent: 10, inlineBytes: 1000 }
    const recent = async () => (await core.streams.open(bob.actor, question)).recent
    expect(await recent()).toEqual([])
    await becomes('open')
    expect(await recent()).toMatchObject([{ channelId }])
  })

  test('ends interest with everything that is told of it, until it is opened', async () => {
    const { core, channelId, becomes, told } = await openGroup()
    await using _ = core
    await becomes('disabled')
    await core.server('channel.update', { channelId, custom: { a: 1 } })
    await becomes('frozen')
    await becomes('open')
    expect(told().slice(-4)).toMatchObject([
      { closes: true, gate: 'shut' },
      { closes: true, gate: 'shut' },
      { closes: false, gate: 'opened' },
      { closes: false, gate: null },
    ])
  })

  test('takes no receipts, and tells none', async () => {
    const { core, bob, channelId, becomes } = await openGroup()
    await using _ = core
    await becomes('disabled')
    core.heard.length = 0
    await bob.call('receipt.deliver', { channels: [{ id: channelId, seq: 3 }] })
    expect(core.heard).toEqual([])
  })

  test('is told as deleted once it is', async () => {
    const { core, bob, channelId, becomes } = await openGroup()
    await using _ = core
    await becomes('disabled')
    await core.server('channel.delete', { channelId })
    expect(await bob.call('sync.pull', { channels: [{ id: channelId }] })).toMatchObject({
      channels: [{ status: 'gone', reason: 'deleted' }],
    })
  })
})
