import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { outboxCheck } from '../../kernel/outbox.check.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { checks } from '../index.ts'
import { messageById } from './pages.store.ts'

type Core = Awaited<ReturnType<typeof openCore>>

const people = (count: number) => Array.from({ length: count }, (_, nth) => `person-${nth}`)

async function faultsOf({ engine }: Core): Promise<readonly unknown[]> {
  const faults: unknown[] = []
  await checkStore({
    engine,
    checks: [...checks, outboxCheck],
    repair: false,
    found: (fault) => void faults.push(fault),
    progress() {},
  })
  return faults
}

describe('system messages', () => {
  test('tell of a hundred who were added by one call in one message', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    for (const id of people(100)) await core.user(id)
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const at = { channelId: channel.id }
    const { seq: before } = await alice.call('channel.get', at)
    const members = people(100).map((userId) => ({ userId }))
    await alice.call('member.add', { ...at, members })
    const { messages } = await alice.call('message.history', at)
    expect(messages).toMatchObject([{ kind: 'system', seq: before + 101 }])
    expect(new Set(messages[0].system.userIds)).toEqual(new Set(people(100)))
    const { channels } = await alice.call('sync.pull', { channels: [{ id: channel.id }] })
    expect(channels[0].users, 'everybody who is named').toHaveLength(101)
  })

  test('tell what the type of the channel wants, and nothing else', async () => {
    await using core = await openCore({ channelTypes: { group: { systemMessages: ['left'] } } })
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const at = { channelId: channel.id }
    await alice.call('member.add', { ...at, members: [{ userId: 'bob' }] })
    await alice.call('channel.update', { ...at, name: 'New' })
    await bob.call('member.leave', at)
    const { messages } = await alice.call('message.history', at)
    expect(messages).toMatchObject([{ system: { event: 'left', userIds: ['bob'], by: 'bob' } }])
  })

  test('leave a store in which everything is counted right, as silent messages do', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await core.user('bob')
    const { channel } = await alice.call('channel.create', { clientId: clientId() })
    const at = { channelId: channel.id }
    const say = (more: object) =>
      alice.call('message.send', { ...at, clientId: clientId(), text: 'hi', ...more })
    const { message } = await say({})
    await say({ silent: true })
    await say({ silent: true, threadRootId: message.id })
    await alice.call('channel.update', { ...at, name: 'New' })
    await alice.call('member.add', { ...at, members: [{ userId: 'bob' }] })
    const { messages } = await alice.call('message.history', at)
    const messageId = messages.at(-1).id
    await alice.call('message.delete', { ...at, messageId })
    const row = await core.engine.read((db) => messageById(db, channel.id, messageId))
    expect(row?.system, 'what it told is gone from the store').toBeNull()
    expect(await faultsOf(core)).toEqual([])
    await core.spoil(`UPDATE messages SET silent = 1 WHERE kind = 'system'`)
    expect(await faultsOf(core), 'what they are is part of their hash').toHaveLength(2)
  })
})
