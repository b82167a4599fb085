import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { checkStore } from '../../upkeep/checkStore.ts'
import { messageCheck } from '../messages/index.ts'
import { threadCheck } from './threads.check.ts'

type Core = Awaited<ReturnType<typeof openCore>>

async function thread(core: Core, replies: number) {
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const members = [{ userId: 'bob' }]
  const { channel } = await alice.call('channel.create', { clientId: clientId(), members })
  const at = { channelId: channel.id }
  const say = (who: typeof alice, more: object = {}) =>
    who.call('message.send', { ...at, clientId: clientId(), text: 'hi', ...more })
  const { message: root } = await say(alice)
  const reply = (more: object = {}) => say(bob, { threadRootId: root.id, ...more })
  await Promise.all(Array.from({ length: replies }, () => reply()))
  return { alice, bob, at, root, reply, say }
}

const rowsOf = async (core: Core, table: string) =>
  core.engine.read((db) => db.all<object>({ sql: `SELECT * FROM ${table}`, slots: [] }, []))

async function check(core: Core, repair: boolean): Promise<string[]> {
  const found: string[] = []
  await checkStore({
    engine: core.engine,
    checks: [threadCheck, messageCheck],
    repair,
    found: ({ what }) => void found.push(what),
    progress() {},
  })
  return found
}

test('a batch of replies counts every one of them, and each keeps its place', async () => {
  await using core = await openCore()
  const { alice, at, root } = await thread(core, 40)
  const { message } = await alice.call('message.get', { ...at, messageId: root.id })
  expect(message.thread).toMatchObject({ replies: 40, faces: ['bob'] })
  const { messages } = await alice.call('message.history', {
    ...at,
    threadRootId: root.id,
    limit: 100,
  })
  expect(messages).toHaveLength(40)
  expect(await check(core, false)).toEqual([])
})

test('a wrong number of replies, and a reply that was moved, are found', async () => {
  await using core = await openCore()
  await thread(core, 3)
  await core.spoil('UPDATE threads SET replies = 9')
  expect(await check(core, true)).toEqual(['says that it has 9 replies, and it has 3'])
  expect(await check(core, false)).toEqual([])
  await core.spoil('UPDATE messages SET in_channel = 1 WHERE in_channel = 0')
  expect(await check(core, false)).toEqual(
    Array(3).fill('was changed by something else than this server'),
  )
})

test('a deleted channel leaves no thread behind', async () => {
  await using core = await openCore({ limits: { sweepRows: 1 } })
  const { alice, at } = await thread(core, 2)
  await alice.call('channel.delete', at)
  for (let round = 0; round < 12; round++) await core.sweeper.sweep()
  for (const table of ['threads', 'thread_members', 'messages'])
    expect(await rowsOf(core, table), table).toEqual([])
})

test('a page of the channel costs the same beside a long thread', async () => {
  await using core = await openCore()
  const { alice, at, say } = await thread(core, 300)
  for (let n = 0; n < 3; n++) await say(alice)
  const { messages, hasOlder } = await alice.call('message.history', { ...at, limit: 4 })
  expect(messages).toHaveLength(4)
  expect(hasOlder).toBe(false)
})

test('the last five faces are those who replied last', async () => {
  await using core = await openCore()
  const { alice, at, root } = await thread(core, 1)
  const users = Array.from({ length: 6 }, (_, index) => ({ id: `fan-${index}` }))
  await core.server('user.upsert', { users })
  for (const { id: author } of [...users, { id: 'fan-2' }])
    await core.server('message.send', {
      ...at,
      author,
      clientId: clientId(),
      text: 'me too',
      threadRootId: root.id,
    })
  const { message } = await alice.call('message.get', { ...at, messageId: root.id })
  expect(message.thread.faces).toEqual(['fan-2', 'fan-5', 'fan-4', 'fan-3', 'fan-1'])
})
