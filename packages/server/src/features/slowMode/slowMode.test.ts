import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { defaultChannelTypes } from '../../kernel/permissions/channelTypes.ts'
import { statement } from '../../store/statement.ts'

const grantsOf = (type: string) => {
  const config = defaultChannelTypes[type]
  if (!config) throw new Error(`There is no type ${type}.`)
  return config.grants
}

const rows = statement<{ limit: number }>()((db, p) =>
  db.selectFrom('slow_sends').selectAll().limit(p.limit),
)

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

async function slowChannel(core: Awaited<ReturnType<typeof openCore>>, slowMode: object | null) {
  const [alice, bob] = [await core.user('alice'), await core.user('bob')]
  const { channel } = await alice.call('channel.create', {
    clientId: clientId(),
    members: [{ userId: 'bob' }],
  })
  const channelId: string = channel.id
  if (slowMode) await alice.call('channel.update', { channelId, slowMode })
  const say = (more = {}) => ({ channelId, clientId: clientId(), text: 'hi', ...more })
  const stored = () => core.engine.read((db) => rows.all(db, { limit: 100 }))
  return { alice, bob, channelId, say, stored }
}

describe('slow mode', () => {
  test('lets one wait to the millisecond, and is not charged for what was refused or repeated', async () => {
    await using core = await openCore()
    const { bob, say } = await slowChannel(core, { seconds: 10, burst: 2 })
    const first = say()
    const send = (input: object) => bob.call('message.send', input)
    expect(await send(first)).toMatchObject({ duplicate: false, nextInMs: 0 })
    const stranger = [{ kind: 'user', userId: 'nobody', start: 0, length: 1 }]
    await expect(send(say({ mentions: stranger }))).rejects.toMatchObject({ code: 'bad_request' })
    expect(await send(first)).toMatchObject({ duplicate: true, nextInMs: 0 })
    core.clock.ms += 1500
    expect(await send(say())).toMatchObject({ nextInMs: 8500 })
    const next = say()
    const early = (retryAfterMs: number) => ({ code: 'channel.slow_mode', retryAfterMs })
    await expect(send(next)).rejects.toMatchObject(early(8500))
    core.clock.ms += 8499
    await expect(send(next)).rejects.toMatchObject(early(1))
    expect(await send(first)).toMatchObject({ duplicate: true, nextInMs: 1 })
    core.clock.ms += 1
    expect(await send(next)).toMatchObject({ duplicate: false, nextInMs: 10_000 })
  })

  test('writes nothing where it is not on, and forgets what does not count any more', async () => {
    await using core = await openCore()
    const { alice, bob, channelId, say, stored } = await slowChannel(core, null)
    await bob.call('message.send', say())
    expect(await stored()).toEqual([])
    await alice.call('channel.update', { channelId, slowMode: { seconds: 5, burst: 1 } })
    await alice.call('message.send', say())
    await core.server('message.send', say({ author: 'bob' }))
    expect(await stored()).toEqual([])
    await bob.call('message.send', say())
    expect(await stored()).toHaveLength(1)
    core.clock.ms += 4999
    await core.sweeper.sweep()
    expect(await stored()).toHaveLength(1)
    core.clock.ms += 1
    await core.sweeper.sweep()
    expect(await stored()).toEqual([])
  })

  test('holds over a restart, and for whoever left and joined again', async () => {
    await using core = await openCore()
    const { alice, bob, channelId, say } = await slowChannel(core, { seconds: 60, burst: 1 })
    await bob.call('message.send', say())
    await using later = await openCore({ beside: core })
    const again = await later.user('bob')
    expect(await codeOf(again.call('message.send', say()))).toBe('channel.slow_mode')
    await bob.call('member.leave', { channelId })
    await alice.call('member.add', { channelId, members: [{ userId: 'bob' }] })
    expect(await codeOf(bob.call('message.send', say()))).toBe('channel.slow_mode')
  })

  test('is set by who may keep order and may not rename', async () => {
    const grants = { ...grantsOf('group'), 'channel.update': ['owner'] as const }
    await using core = await openCore({ channelTypes: { group: { grants } } })
    const { alice, bob, channelId } = await slowChannel(core, null)
    await alice.call('member.update', { channelId, userId: 'bob', role: 'moderator' })
    const change = (more: object) => codeOf(bob.call('channel.update', { channelId, ...more }))
    const slowMode = { seconds: 3, burst: 1 }
    expect(await change({ name: 'Mine' })).toBe('forbidden')
    expect(await change({ name: 'Mine', slowMode })).toBe('forbidden')
    expect(await change({ slowMode })).toBe('done')
    expect((await alice.call('channel.get', { channelId })).channel).toMatchObject({
      name: null,
      slowMode,
    })
  })

  test('refuses one of a batch and leaves the others alone', async () => {
    await using core = await openCore()
    const { alice, bob, channelId, say } = await slowChannel(core, { seconds: 60, burst: 1 })
    const charlie = await core.user('charlie')
    await alice.call('member.add', { channelId, members: [{ userId: 'charlie' }] })
    const answers = await Promise.all([
      codeOf(alice.call('message.send', say())),
      codeOf(bob.call('message.send', say())),
      codeOf(bob.call('message.send', say())),
      codeOf(charlie.call('message.send', say())),
    ])
    expect(answers).toEqual(['done', 'done', 'channel.slow_mode', 'done'])
    expect(await codeOf(charlie.call('message.send', say()))).toBe('channel.slow_mode')
  })

  test('is what the type of a new channel says', async () => {
    await using core = await openCore()
    const { channel } = await core.server('channel.create', { clientId: clientId(), type: 'live' })
    expect(channel.slowMode).toEqual({ seconds: 3, burst: 1 })
  })
})
