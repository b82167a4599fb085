import { expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

type Core = Awaited<ReturnType<typeof openCore>>

/** Where whoever was here could have left something. */
const TABLES = [
  'members',
  'memberships',
  'receipts',
  'mentions',
  'thread_members',
  'streams',
  'outbox',
  'messages',
  'channels',
]

async function rows(core: Core): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {}
  for (const table of TABLES)
    all[table] = await core.engine.read((db) =>
      db.all<object>({ sql: `SELECT * FROM ${table}`, slots: [] }, []),
    )
  return all
}

async function stage(core: Core) {
  const [alice, viewer] = [await core.user('alice'), await core.user('viewer')]
  const { channel } = await core.server('channel.create', {
    clientId: clientId(),
    type: 'live',
    members: [{ userId: 'alice', role: 'owner' }],
  })
  const { channel: secret } = await alice.call('channel.create', { clientId: clientId() })
  const say = (who: typeof alice, more: object = {}) =>
    who.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi', ...more })
  return { alice, viewer, channel, secret, say }
}

test('who watches a live channel sees it and leaves nothing behind', async () => {
  await using core = await openCore({ channelTypes: { live: { slowMode: null } } })
  const { alice, viewer, channel, secret, say } = await stage(core)
  const { message } = await say(alice)
  await core.queue.whenIdle()
  const before = await rows(core)
  const opening = await core.streams.open(viewer.actor, {
    user: null,
    channels: [
      { id: channel.id, interest: 'full' },
      { id: secret.id, interest: 'full' },
    ],
    recent: 200,
    inlineBytes: 100_000,
  })
  expect(opening.channels).toMatchObject([
    { status: 'reset', messages: [{ id: message.id }], me: null, hasOlder: false },
    { status: 'gone', reason: 'unknown' },
  ])
  expect(opening.watchable).toEqual([
    {
      channelId: channel.id,
      visibleFrom: 0,
      memberCount: 1,
      window: { ms: 250, shownPerSecond: 15 },
    },
  ])
  expect(opening.recent, 'no interest by itself').toEqual([])
  const cursor = { id: channel.id, epoch: 1, seq: message.seq - 1 }
  const { channels } = await viewer.call('sync.pull', { channels: [cursor] })
  expect(channels).toMatchObject([{ status: 'delta', messages: [{ id: message.id }] }])
  await viewer.call('receipt.deliver', { channels: [{ id: channel.id, seq: message.seq }] })
  await core.queue.whenIdle()
  expect(await rows(core)).toEqual(before)
})

test('who speaks there is no member for it, and follows no thread', async () => {
  await using core = await openCore({ channelTypes: { live: { slowMode: null } } })
  const { alice, viewer, say } = await stage(core)
  const { message: root } = await say(viewer)
  await say(viewer, { threadRootId: root.id })
  await say(alice, { threadRootId: root.id })
  await core.queue.whenIdle()
  const { members, memberships, thread_members: followers } = await rows(core)
  const uids = (some: unknown[] = []) => some.map((row) => String((row as { uid: unknown }).uid))
  for (const table of [members, memberships, followers])
    expect(uids(table)).not.toContain(viewer.actor.uid)
  expect(uids(followers)).toEqual([alice.actor.uid])
})
