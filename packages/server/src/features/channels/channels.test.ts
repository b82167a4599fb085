import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'
import { outboxCheck } from '../../kernel/outbox.check.ts'
import { checkStore } from '../../upkeep/checkStore.ts'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

describe('direct channels', () => {
  test('are one per set of people, even when both sides create it at once', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const create = (who: typeof alice, other: string) =>
      who.call('channel.create', {
        clientId: clientId(),
        type: 'direct',
        members: [{ userId: other }],
      })
    const made = await Promise.all([
      create(alice, 'bob'),
      create(bob, 'alice'),
      create(alice, 'bob'),
      create(bob, 'alice'),
    ])
    expect(new Set(made.map(({ channel }) => channel.id)).size).toBe(1)
    expect(made.filter(({ created }) => created)).toHaveLength(1)
    expect([...made[0].channel.people].sort()).toEqual(['alice', 'bob'])
  })

  test('never change their people', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await core.user('bob')
    await core.user('charlie')
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      type: 'direct',
      members: [{ userId: 'bob' }],
    })
    const at = { channelId: channel.id }
    const refused = [
      alice.call('member.add', { ...at, members: [{ userId: 'charlie' }] }),
      alice.call('member.remove', { ...at, userId: 'bob' }),
      alice.call('member.leave', at),
    ]
    expect(await Promise.all(refused.map(code))).toEqual(Array(3).fill('channel.immutable_people'))
  })

  test('deleted, free their people for a new one', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await core.user('bob')
    const wish = { type: 'direct', members: [{ userId: 'bob' }] }
    const { channel: first } = await alice.call('channel.create', { clientId: clientId(), ...wish })
    await core.server('channel.delete', { channelId: first.id })
    const { channel: second, created } = await alice.call('channel.create', {
      clientId: clientId(),
      ...wish,
    })
    expect(created).toBe(true)
    expect(second.id).not.toBe(first.id)
  })

  test('have no name, so that nobody passes as somebody else', async () => {
    await using core = await openCore()
    const mallory = await core.user('mallory')
    await core.user('dana')
    const wish = { type: 'direct', name: 'Alice', members: [{ userId: 'dana' }] }
    const named = mallory.call('channel.create', { clientId: clientId(), ...wish })
    expect(await code(named)).toBe('bad_request')
  })

  test('have at least two and at most ten people', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const others = Array.from({ length: 10 }, (_, i) => `guest${i}`)
    for (const id of others) await core.user(id)
    const create = (members: readonly string[]) =>
      alice.call('channel.create', {
        clientId: clientId(),
        type: 'direct',
        members: members.map((userId) => ({ userId })),
      })
    expect(await code(create([]))).toBe('bad_request')
    expect(await code(create(others))).toBe('bad_request')
    expect(await code(create(others.slice(1)))).toBe('done')
  })
})

describe('a deleted channel', () => {
  test('is gone at once and leaves nothing after the sweeper came', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      members: [{ userId: 'bob' }],
    })
    const at = { channelId: channel.id }
    await alice.call('message.send', { ...at, clientId: clientId(), text: 'a secret of lunch' })
    await alice.call('channel.delete', at)

    expect(await code(bob.call('message.history', at))).toBe('channel.not_found')
    expect(await code(core.server('message.history', at))).toBe('channel.not_found')
    expect((await bob.call('channel.list')).channels).toEqual([])
    expect(await bob.call('sync.pull', { channels: [{ id: channel.id }] })).toMatchObject({
      channels: [{ status: 'gone', reason: 'deleted' }],
    })

    for (let round = 0; round < 6; round++) await core.sweeper.sweep()
    const told = core.heard.flatMap((heard) =>
      heard.kind === 'event' ? [JSON.parse(heard.frame)] : [],
    )
    expect(told.filter(({ name }) => name === 'channel.left')).toHaveLength(2)
    const { statement } = await import('../../store/statement.ts')
    const texts = statement<Record<never, never>>()((db) =>
      db.selectFrom('messages').select('text'),
    )
    expect(await core.engine.read((db) => texts.all(db, {}))).toEqual([])
    expect(await bob.call('sync.pull', { channels: [{ id: channel.id }] })).toMatchObject({
      channels: [{ status: 'gone', reason: 'deleted' }],
    })
  })
})

test('frames of a deleted channel that the bus lost are no hole in the outbox', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const { channel } = await alice.call('channel.create', { clientId: clientId() })
  const at = { channelId: channel.id }
  for (const lost of [true, false, true, false]) {
    core.busLoses = lost
    await alice.call('message.send', { ...at, clientId: clientId(), text: 'a secret of lunch' })
  }
  await alice.call('channel.delete', at)
  for (let round = 0; round < 6; round++) await core.sweeper.sweep()
  core.clock.ms += 60_000
  await core.sweeper.sweep()
  const findings: string[] = []
  await checkStore({
    engine: core.engine,
    checks: [outboxCheck],
    repair: false,
    found: ({ where, what }) => void findings.push(`${where} ${what}`),
    progress() {},
  })
  expect(findings).toEqual([])
})

describe('creating', () => {
  test('with the same client id again is the same channel; with another wish it is refused', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const wish = { clientId: clientId(), name: 'Lunch' }
    const first = await alice.call('channel.create', wish)
    const again = await alice.call('channel.create', wish)
    expect(again).toMatchObject({ created: false, channel: { id: first.channel.id } })
    expect(await code(alice.call('channel.create', { ...wish, name: 'Dinner' }))).toBe(
      'channel.client_id_reused',
    )
  })

  test('by key finds the channel of the key, and users cannot use keys', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const wish = { key: 'order-1', members: [{ userId: 'alice' }] }
    const made = await Promise.all([1, 2, 3].map(() => core.server('channel.getOrCreate', wish)))
    expect(new Set(made.map(({ channel }) => channel.id)).size).toBe(1)
    expect(await code(alice.call('channel.getOrCreate', wish))).toBe('forbidden')
    expect(await code(alice.call('channel.create', { clientId: clientId(), key: 'order-1' }))).toBe(
      'bad_request',
    )
  })

  test('of types for servers is refused to users', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    for (const type of ['public', 'live'])
      expect(await code(alice.call('channel.create', { clientId: clientId(), type }))).toBe(
        'forbidden',
      )
    for (const type of ['constructor', 'other'])
      expect(await code(alice.call('channel.create', { clientId: clientId(), type }))).toBe(
        'bad_request',
      )
  })
})

test('the own list goes by activity, a page after the other', async () => {
  await using core = await openCore()
  const alice = await core.user('alice')
  const ids: string[] = []
  for (let i = 0; i < 7; i++) {
    core.clock.ms += 1000
    const { channel } = await alice.call('channel.create', {
      clientId: clientId(),
      name: `Channel ${i}`,
    })
    ids.unshift(channel.id)
  }
  core.clock.ms += 1000
  await alice.call('message.send', { channelId: ids[3], clientId: clientId(), text: 'hi' })
  const expected = [ids[3], ...ids.filter((_, i) => i !== 3)]
  const seen: string[] = []
  let cursor: string | undefined
  do {
    const page = await alice.call('channel.list', { limit: 3, ...(cursor ? { cursor } : {}) })
    seen.push(...page.channels.map((item: { channel: { id: string } }) => item.channel.id))
    cursor = page.next ?? undefined
  } while (cursor)
  expect(seen).toEqual(expected)
})
