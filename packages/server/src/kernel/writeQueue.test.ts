import { ChatError, messageCreated, userUpdated } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { clientId, openCore } from '../fixtures/core.ts'
import { StoreAwayError } from '../store/engine.ts'
import { statement } from '../store/statement.ts'

const outbox = statement<Record<never, never>>()((db) =>
  db.selectFrom('outbox').select(['stream_id', 'seq', 'published_at']),
)

describe('the write queue', () => {
  test('commits, answers, then announces', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    const order: string[] = []
    for (const point of [
      'before-commit',
      'after-commit',
      'after-answer',
      'after-announce',
    ] as const)
      core.failpoints.on(point, () =>
        order.push(`${point}, ${core.heard.length - heardBefore} announced`),
      )
    const heardBefore = core.heard.length
    await alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    expect(order).toEqual([
      'before-commit, 0 announced',
      'after-commit, 0 announced',
      'after-answer, 0 announced',
      'after-announce, 1 announced',
    ])
  })

  test('takes what waits into one transaction', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    let commits = 0
    core.failpoints.on('after-commit', () => commits++)
    const sends = Array.from({ length: 100 }, (_, i) =>
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: `${i}` }),
    )
    const seqs = (await Promise.all(sends)).map(({ message }) => message.seq)
    expect(commits).toBe(1)
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, i) => (seqs[0] ?? 0) + i))
  })

  test('a refused operation does not touch its batch mates', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const bob = await core.user('bob')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    const send = (who: typeof alice) =>
      who.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    const [first, refused, second] = await Promise.allSettled([send(alice), send(bob), send(alice)])
    expect([first?.status, second?.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(refused).toMatchObject({ status: 'rejected', reason: { code: 'channel.not_found' } })
  })

  test('an operation that fails after it wrote is undone alone', async () => {
    await using core = await openCore({ limits: { channelMembers: 3 } })
    const [alice] = await Promise.all(
      ['alice', 'bob', 'charlie', 'dana'].map((id) => core.user(id)),
    )
    if (!alice) throw new Error('There is no alice.')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    const send = () =>
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    const members = ['bob', 'charlie', 'dana'].map((userId) => ({ userId }))
    const [before, refused, after] = await Promise.allSettled([
      send(),
      alice.call('member.add', { channelId: channel.id, members }),
      send(),
    ])
    expect([before?.status, after?.status]).toEqual(['fulfilled', 'fulfilled'])
    expect(refused).toMatchObject({ reason: { code: 'channel.member_limit' } })
    const { channel: now } = await alice.call('channel.get', { channelId: channel.id })
    expect(now.memberCount).toBe(1)
  })

  test('a place in a stream that is not announced undoes the change', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    const { seq } = await alice.call('channel.get', { channelId: channel.id })
    await expect(
      core.queue.submit({}, async (tx) => void (await tx.lock(channel.id)).take()),
    ).rejects.toThrow(/not announced/)
    expect((await alice.call('channel.get', { channelId: channel.id })).seq).toBe(seq)
  })

  test('an event of a user stream cannot be told in a channel', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    expect(userUpdated.stream).not.toBe(messageCreated.stream)
    const user = {
      id: 'alice',
      name: 'a',
      avatar: null,
      custom: {},
      createdAt: 1,
      updatedAt: 1,
      deactivatedAt: null,
    }
    const odd = core.queue.submit({}, async (tx) =>
      tx.announce((await tx.lock(channel.id)).take(), userUpdated, { user }, { by: null }),
    )
    await expect(odd).rejects.toThrow()
  })

  test('a bus that fails does not undo or repeat what is committed', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    core.busLoses = true
    const send = () =>
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' })
    await Promise.all([send(), send()])
    expect((await alice.call('message.history', { channelId: channel.id })).messages).toHaveLength(
      2,
    )
  })

  test('refuses more than may wait', async () => {
    await using core = await openCore({ limits: { writeQueueOperations: 2 } })
    const wait = () => core.queue.submit({}, async () => undefined)
    const results = await Promise.allSettled([wait(), wait(), wait()])
    expect(results[2]).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
    expect(results[2]).toMatchObject({ reason: expect.any(ChatError) })
  })

  test('a batch whose store is away is answered at once, not job by job', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    let tries = 0
    const { write } = core.engine
    core.engine.write = () => {
      tries++
      return Promise.reject(new StoreAwayError('The cable was pulled.'))
    }
    const sends = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) =>
        alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: `${i}` }),
      ),
    )
    core.engine.write = write
    expect(sends.map((sent) => sent.status === 'rejected' && sent.reason.code)).toEqual(
      Array(20).fill('unavailable'),
    )
    expect(tries).toBe(1)
  })

  test('a change and its announcement share one transaction', async () => {
    await using core = await openCore()
    const alice = await core.user('alice')
    const { channel } = await alice.call('channel.create', { clientId: clientId(), name: 'Lunch' })
    core.failpoints.on('before-commit', () => {
      throw new Error('the lights went out')
    })
    await expect(
      alice.call('message.send', { channelId: channel.id, clientId: clientId(), text: 'hi' }),
    ).rejects.toMatchObject({ code: 'internal' })
    core.failpoints.on('before-commit', () => {})
    const rows = await core.engine.read((db) => outbox.all(db, {}))
    const { seq } = await alice.call('channel.get', { channelId: channel.id })
    const last = rows.filter((row) => row.stream_id === channel.id).map((row) => row.seq)
    expect(Math.max(...last)).toBe(seq)
  })
})
