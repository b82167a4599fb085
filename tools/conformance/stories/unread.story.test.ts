import { expect } from 'vitest'
import { bothDoors, type Cast, story } from '../src/cast.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

const readOf = async (person: Person, channelId: string) =>
  (await person.reads('channel.get', { channelId })).read

/** Bob says three things, of which one mentions alice. */
async function threeMessages({ alice, bob, opensGroup }: Cast) {
  const { id: channelId } = await opensGroup([bob])
  const one = await bob.says(channelId, 'one')
  const two = await bob.says(channelId, '@alice two', {
    mentions: [{ kind: 'user', userId: alice.id, start: 0, length: 6 }],
  })
  const three = await bob.says(channelId, 'three')
  return { channelId, one, two, three }
}

bothDoors(
  'what others say is left to read until it is read, and own messages never are [UNREAD-1, UNREAD-4, UNREAD-6, UNREAD-7]',
  async (cast) => {
    const { alice, bob, charlie } = cast
    const { channelId, one, two, three } = await threeMessages(cast)
    expect(await readOf(alice, channelId)).toMatchObject({
      unread: 3,
      firstUnread: one.seq,
      mentions: 1,
      unreadFrom: null,
    })
    expect(await readOf(bob, channelId)).toMatchObject({ unread: 0, mentions: 0 })
    expect(await alice.does('unread.total', {})).toEqual({
      unread: 3,
      mentions: 1,
      channels: 1,
      more: false,
    })

    const { read } = await alice.does('receipt.read', { channelId, seq: one.seq })
    expect(read).toMatchObject({ seq: one.seq, unread: 2, firstUnread: two.seq, mentions: 1 })
    expect(await alice.does('receipt.read', { channelId, seq: 1 }), 'it never goes back').toEqual({
      read,
    })
    expect(await alice.does('unread.explain', { channelId })).toEqual({
      read,
      after: one.seq,
      messages: [two, three].map(({ id, seq, author }) => ({ id, seq, author })),
      mentionedIn: [two.seq],
    })
    const done = await alice.does('receipt.read', { channelId })
    expect(done.read).toMatchObject({ seq: three.seq, unread: 0, firstUnread: null, mentions: 0 })
    expect(alice.own?.state.channels[channelId]?.read).toEqual({
      seq: three.seq,
      unreadFrom: null,
    })
    for (const name of ['receipt.read', 'unread.explain'] as const)
      await charlie.isRefused(name, { channelId }, 'channel.not_found')
    await charlie.isRefused('unread.mark', { channelId, messageId: one.id }, 'channel.not_found')
    await charlie.seesNothingOf(channelId, one.id)
  },
)

bothDoors(
  'a channel is marked unread from a message on, until it is read again [UNREAD-5, UNREAD-8]',
  async (cast) => {
    const { alice, bob } = cast
    const { channelId, one, two } = await threeMessages(cast)
    const { read: before } = await alice.does('receipt.read', { channelId })
    const { read } = await alice.does('unread.mark', { channelId, messageId: two.id })
    expect(read).toMatchObject({
      seq: before.seq,
      unreadFrom: two.seq,
      unread: 2,
      firstUnread: two.seq,
      mentions: 1,
    })
    expect(await alice.does('unread.mark', { channelId, messageId: two.id })).toEqual({ read })
    const { receipts } = await bob.does('receipt.list', { channelId })
    expect(receipts, 'others are told nothing').toMatchObject([
      { userId: alice.id, read: before.seq },
    ])
    await alice.isRefused('unread.mark', { channelId, messageId: '1' }, 'message.not_found')
    expect(await alice.does('receipt.read', { channelId, seq: one.seq })).toMatchObject({
      read: { seq: before.seq, unreadFrom: null, unread: 0 },
    })
  },
)

bothDoors('whoever joins has read everything that was there [UNREAD-3]', async (cast) => {
  const { alice, bob, charlie } = cast
  const { channelId } = await threeMessages(cast)
  await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
  await charlie.watches(channelId)
  expect(await readOf(charlie, channelId)).toMatchObject({ unread: 0, mentions: 0 })
  expect(await charlie.does('unread.total', {})).toMatchObject({ unread: 0, channels: 0 })
  const next = await bob.says(channelId, 'welcome')
  expect(await readOf(charlie, channelId)).toMatchObject({ unread: 1, firstUnread: next.seq })
  await charlie.does('member.leave', { channelId })
  expect(await charlie.does('unread.total', {})).toMatchObject({ unread: 0, channels: 0 })
})

bothDoors(
  'an edit and a deletion leave no wrong count behind [UNREAD-1, UNREAD-7]',
  async (cast) => {
    const { alice, bob } = cast
    const { channelId, one, two, three } = await threeMessages(cast)
    await bob.does('message.edit', { channelId, messageId: two.id, text: 'two', mentions: [] })
    expect(await readOf(alice, channelId)).toMatchObject({ unread: 3, mentions: 0 })
    await bob.does('message.edit', {
      channelId,
      messageId: three.id,
      text: 'three @alice',
      mentions: [{ kind: 'user', userId: alice.id, start: 6, length: 6 }],
    })
    expect(await readOf(alice, channelId)).toMatchObject({ unread: 3, mentions: 1 })
    for (const { id } of [one, three])
      await bob.does('message.delete', { channelId, messageId: id })
    expect(await readOf(alice, channelId)).toMatchObject({
      unread: 1,
      firstUnread: two.seq,
      mentions: 0,
    })
    await alice.does('message.send', {
      channelId,
      clientId: '019a9f2e-8c4b-7000-8000-00000000abcd',
      text: 'everybody?',
      mentions: [{ kind: 'channel', start: 0, length: 9 }],
    })
    expect(await readOf(bob, channelId)).toMatchObject({ unread: 1, mentions: 1 })
    expect(await readOf(alice, channelId), 'nobody mentions themselves').toMatchObject({
      mentions: 0,
    })
  },
)

story(
  'a list counts on by the ordinals of its bumps [UNREAD-2, INT-7]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { line } = await bob.connects({ channels: [{ id: channelId, interest: 'list' }] })
    const before = await bob.reads('channel.get', { channelId })
    for (const text of ['one', 'two', 'three']) await alice.says(channelId, text)
    const bump = await line.sees('bump', ({ last }) => last?.text === 'three')
    expect(bump.ordinal).toBe(before.ordinal + 3)
    expect(await readOf(bob, channelId)).toMatchObject({ unread: 3, ordinal: before.ordinal + 3 })
  },
)

story(
  'every device of a user hears what was read on another one [UNREAD-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const { line } = await bob.connects()
    const { seq } = await alice.says(channelId, 'hi')
    await bob.does('receipt.read', { channelId })
    const told = await line.sees('event', ({ name }) => name === 'unread.changed')
    expect(told).toMatchObject({ channel: '@me', data: { channelId, read: { seq, unread: 0 } } })
    await until('alice hears nothing of it on her own stream', () => alice.isFollowing())
    expect(alice.own?.told.map(({ name }) => name)).not.toContain('unread.changed')
  },
)
