import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { outboxCheck } from '../../kernel/outbox.check.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { checks } from '../index.ts'

type Core = Awaited<ReturnType<typeof openCore>>

async function faultsOf({ engine }: Core, repair = false): Promise<readonly string[]> {
  const faults: string[] = []
  await checkStore({
    engine,
    checks: [...checks, outboxCheck],
    repair,
    found: ({ where, what }) => void faults.push(`${where} ${what}`),
    progress() {},
  })
  return faults
}

/** Alice's channel with bob: a thread, mentions, reactions and silent messages, all of which name the secret. */
async function talkedOver(core: Core, secret: string) {
  const alice = await core.user('alice')
  const bob = await core.user('bob')
  const members = [{ userId: 'bob' }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const channelId = channel.id
  const say = async (more: object = {}) =>
    (await alice.call('message.send', { channelId, clientId: clientId(), text: secret, ...more }))
      .message
  const mention = { kind: 'user', userId: 'bob', start: 0, length: 1 }
  const root = await say({ mentions: [mention, { kind: 'channel', start: 0, length: 2 }] })
  const reply = await say({ threadRootId: root.id, mentions: [mention] })
  for (const { id: messageId } of [root, reply])
    await bob.call('reaction.add', { channelId, messageId, emoji: '👍' })
  await say({ silent: true })
  await say({ threadRootId: root.id, alsoInChannel: true })
  return { alice, bob, channelId, root, say }
}

/** Sweeps until no chore has more to do. */
async function sweepAll({ sweeper }: Core): Promise<void> {
  let left = await sweeper.sweep()
  while (left.length > 0) left = await sweeper.sweep(left)
}

const TABLES = [
  'messages',
  'mentions',
  'channel_mentions',
  'reactions',
  'reaction_counts',
  'threads',
  'thread_members',
]

/** The text of all rows that may hold what was said. */
async function wholeStore({ engine }: Core): Promise<string> {
  const all: string[] = []
  for (const table of [...TABLES, 'outbox'])
    all.push(
      JSON.stringify(
        await engine.read((db) => db.all({ sql: `SELECT * FROM ${table}`, slots: [] }, [])),
      ),
    )
  return all.join('\n')
}

const rowsIn = ({ engine }: Core, table: string): Promise<unknown[]> =>
  engine.read((db) => db.all({ sql: `SELECT * FROM ${table}`, slots: [] }, []))

describe('truncated channels', () => {
  test('are emptied for good, in slices, and everything is still counted right', async () => {
    await using core = await openCore({ limits: { sweepRows: 3 } })
    const { alice, channelId } = await talkedOver(core, 'the secret words')
    await alice.call('channel.truncate', { channelId })
    const { message: kept } = await alice.call('message.send', {
      channelId,
      clientId: clientId(),
      text: 'kept',
    })
    expect(await faultsOf(core), 'before the rows went').toEqual([])
    await core.sweeper.sweep()
    expect(await faultsOf(core), 'with some of them gone').toEqual([])
    await sweepAll(core)
    expect(await faultsOf(core)).toEqual([])
    expect(await wholeStore(core)).not.toContain('the secret words')
    for (const table of TABLES)
      expect(await rowsIn(core, table), table).toHaveLength(table === 'messages' ? 1 : 0)
    const { ordinal, last } = await alice.call('channel.get', { channelId })
    expect({ ordinal, last }).toMatchObject({ ordinal: 3, last: { id: kept.id } })
  })

  test('have no fault while a reply in the channel is deleted whose root waits to be thrown away', async () => {
    await using core = await openCore()
    const { alice, channelId, root, say } = await talkedOver(core, 'old')
    const above = await say({ threadRootId: root.id, alsoInChannel: true })
    await alice.call('channel.truncate', { channelId, upTo: above.seq - 1 })
    await alice.call('message.delete', { channelId, messageId: above.id })
    expect(await faultsOf(core)).toEqual([])
    await sweepAll(core)
    expect(await faultsOf(core)).toEqual([])
  })

  test('keep what stands above the floor, but no reply in the thread of what is gone', async () => {
    await using core = await openCore()
    const { alice, bob, channelId, root, say } = await talkedOver(core, 'old')
    const late = await say({ threadRootId: root.id })
    await bob.call('reaction.add', { channelId, messageId: late.id, emoji: '🎉' })
    const above = await say({})
    const answer = await say({ threadRootId: above.id })
    await bob.call('reaction.add', { channelId, messageId: above.id, emoji: '🎉' })
    await alice.call('channel.truncate', { channelId, upTo: late.seq - 1 })
    await sweepAll(core)
    expect(await faultsOf(core)).toEqual([])
    const { messages } = await bob.call('message.history', { channelId })
    expect(messages).toMatchObject([
      { id: above.id, reactions: { '🎉': 1 }, thread: { replies: 1 } },
    ])
    const thread = await bob.call('message.history', { channelId, threadRootId: above.id })
    expect(thread.messages).toMatchObject([{ id: answer.id }])
    expect(await rowsIn(core, 'messages')).toHaveLength(2)
    expect(await rowsIn(core, 'reactions')).toHaveLength(1)
  })

  test('say nothing of a thread whose root is gone when a reply to it is deleted', async () => {
    await using core = await openCore()
    const { alice, channelId, root, say } = await talkedOver(core, 'old')
    const shown = await say({ threadRootId: root.id, alsoInChannel: true })
    await alice.call('channel.truncate', { channelId, upTo: shown.seq - 1 })
    const told = core.heard.length
    await alice.call('message.delete', { channelId, messageId: shown.id })
    expect(JSON.stringify(core.heard.slice(told))).not.toContain('thread.updated')
  })

  test('are gone from lists and threads before their rows are', async () => {
    await using core = await openCore()
    const { alice, bob, channelId, root } = await talkedOver(core, 'old')
    expect((await alice.call('thread.list', {})).threads).toHaveLength(1)
    await alice.call('channel.truncate', { channelId })
    expect((await alice.call('thread.list', {})).threads).toEqual([])
    const at = { channelId, messageId: root.id }
    for (const op of ['reaction.list', 'thread.get', 'message.get'] as const)
      await expect(bob.call(op, at), op).rejects.toMatchObject({ code: 'message.not_found' })
    expect(await bob.call('unread.total')).toMatchObject({ unread: 0, mentions: 0 })
    expect(await rowsIn(core, 'messages')).not.toEqual([])
  })

  test('are gone through again when something was left', async () => {
    await using core = await openCore()
    const { alice, channelId } = await talkedOver(core, 'old')
    await alice.call('channel.truncate', { channelId })
    await core.spoil(`UPDATE channels SET purged_up_to = floor`)
    expect(await faultsOf(core, true)).toMatchObject([expect.stringContaining('was truncated')])
    await sweepAll(core)
    expect(await faultsOf(core)).toEqual([])
    expect(await rowsIn(core, 'messages')).toEqual([])
  })

  test('show nothing of before to a message of the same moment', async () => {
    await using core = await openCore()
    const { alice, channelId } = await talkedOver(core, 'old')
    const said = () =>
      alice.call('message.send', { channelId, clientId: clientId(), text: 'at once' })
    const [, truncated] = await Promise.all([said(), alice.call('channel.truncate', { channelId })])
    const { channel, last } = await alice.call('channel.get', { channelId })
    expect([channel.floor, last]).toEqual([truncated.channel.floor, null])
    expect(await faultsOf(core)).toEqual([])
  })
})
