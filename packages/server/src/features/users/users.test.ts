import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../../fixtures/core.ts'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code: string }) => error.code,
  )

describe('profiles', () => {
  test('are seen by people with a shared channel, without the private half', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const charlie = await core.user('charlie')
    await core.server('user.upsert', {
      users: [
        { id: 'alice', name: 'Alice', custom: { team: 'blue' }, privateCustom: { plan: 'gold' } },
      ],
    })
    await alice.call('channel.create', { clientId: clientId(), members: [{ userId: 'bob' }] })
    const { user } = await bob.call('user.get', { userId: 'alice' })
    expect(user).toMatchObject({ name: 'Alice', custom: { team: 'blue' } })
    expect(JSON.stringify(user)).not.toContain('gold')
    expect(await code(charlie.call('user.get', { userId: 'alice' }))).toBe('user.not_found')
    expect((await charlie.call('user.query', { ids: ['alice', 'bob'] })).users).toEqual([])
    expect((await core.server('user.get', { userId: 'alice' })).user.privateCustom).toEqual({
      plan: 'gold',
    })
  })

  test('change by the own hand: absent stays, null clears, the same again is no event', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await alice.call('user.update', {
      name: 'Alice',
      avatar: 'https://example.org/a.png',
      custom: { a: 1 },
    })
    core.heard.length = 0
    const { user } = await alice.call('user.update', { avatar: null })
    expect(user).toMatchObject({ name: 'Alice', avatar: null, custom: { a: 1 } })
    expect(core.heard).toHaveLength(1)
    await alice.call('user.update', { name: 'Alice' })
    expect(core.heard).toHaveLength(1)
    for (const field of ['id', 'role', 'createdAt', 'privateCustom'])
      expect(await code(alice.call('user.update', { [field]: 'x' }))).toBe('bad_request')
  })

  test('are found by the beginning of their name, a page after the other', async () => {
    await using core = await openCore()
    const names = ['Ann', 'anna', 'ANNE', 'Bert', 'Änn']
    await core.server('user.upsert', { users: names.map((name, i) => ({ id: `u${i}`, name })) })
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await core.server('user.query', {
        name: 'ann',
        limit: 2,
        ...(cursor ? { cursor } : {}),
      })
      seen.push(...page.users.map((user: { name: string }) => user.name))
      cursor = page.next ?? undefined
    } while (cursor)
    expect(seen).toEqual(['Ann', 'anna', 'ANNE'])
  })
})

describe('deactivating and revoking', () => {
  test('end the connections of the user', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    await core.server('user.revokeTokens', { userId: 'alice' })
    expect(core.heard.at(-1)).toEqual({
      kind: 'disconnect',
      uid: alice.actor.uid,
      code: 4401,
      issuedUntil: Math.floor(core.clock.ms / 1000),
    })
    await core.server('user.deactivate', { userId: 'alice' })
    expect(core.heard.at(-1)).toMatchObject({ kind: 'disconnect', code: 4403, issuedUntil: null })
  })

  test("a deactivated user is in nobody's new channel and is let in again only on purpose", async () => {
    await using core = await openCore()
    const bob = await core.user('bob')
    await core.user('alice')
    await core.server('user.deactivate', { userId: 'alice' })
    const create = () =>
      bob.call('channel.create', { clientId: clientId(), members: [{ userId: 'alice' }] })
    expect(await code(create())).toBe('user.unreachable')
    await core.server('user.upsert', { users: [{ id: 'alice', name: 'Alice' }] })
    expect((await core.server('user.get', { userId: 'alice' })).user.deactivatedAt).not.toBeNull()
    await core.server('user.reactivate', { userId: 'alice' })
    expect(await code(create())).toBe('done')
  })
})
