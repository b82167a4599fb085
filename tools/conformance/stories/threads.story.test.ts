import type { Message } from '@tertulia/protocol'
import { expect } from 'vitest'
import { bothDoors, type Cast, story } from '../src/cast.ts'
import type { Person } from '../src/person.ts'
import { until } from '../src/until.ts'

const seqsOf = (messages: readonly Message[]) => messages.map(({ seq }) => seq)

/** Waits until the root shows so many replies. */
const seesThread = (person: Person, { channelId, id }: Message, replies: number) =>
  until(`${person.id} sees ${replies} replies`, () => {
    const root = person.copyOf(channelId).state?.messages[id]
    return root?.thread?.replies === replies ? root : null
  })

/** Alice asks something, and people answer in its thread. */
async function thread({ alice, bob, charlie, opensGroup }: Cast) {
  const { id: channelId } = await opensGroup([bob, charlie])
  const root = await alice.says(channelId, 'where do we eat?')
  const reply = (person: Person, text: string, more: object = {}) =>
    person.says(channelId, text, { threadRootId: root.id, ...more })
  return { channelId, root, reply, at: { channelId, messageId: root.id } }
}

bothDoors(
  'a reply stands in its thread, and in the channel only when it is sent there too [THREAD-1, THREAD-2, THREAD-3, THREAD-4]',
  async (cast) => {
    const { alice, bob, charlie, meets } = cast
    const dana = await meets('dana')
    const { channelId, root, reply } = await thread(cast)
    const before = await alice.does('channel.get', { channelId })
    const one = await reply(bob, 'at the harbour')
    expect(one).toMatchObject({ threadRootId: root.id })
    expect(one).not.toHaveProperty('alsoInChannel')
    const two = await reply(charlie, 'or on the hill', { alsoInChannel: true })
    expect(two).toMatchObject({ threadRootId: root.id, alsoInChannel: true })
    const three = await reply(bob, 'the hill then')

    const told = await seesThread(alice, root, 3)
    expect(told).toMatchObject({
      version: root.version,
      thread: {
        replies: 3,
        lastReplySeq: three.seq,
        lastReplyAt: three.createdAt,
        faces: [bob.id, charlie.id],
        version: three.seq + 1,
      },
    })
    const history = await alice.does('message.history', { channelId })
    expect(seqsOf(history.messages)).toEqual([root.seq, two.seq])
    const replies = await alice.does('message.history', { channelId, threadRootId: root.id })
    expect(replies.messages).toEqual([one, two, three])
    const wish = { channelId, threadRootId: root.id, limit: 1 }
    expect((await alice.does('message.history', { ...wish, before: three.seq })).messages).toEqual([
      two,
    ])
    const next = await alice.does('message.history', { ...wish, after: one.seq })
    expect(next).toMatchObject({ messages: [two], hasOlder: true, hasNewer: true })

    const after = await alice.does('channel.get', { channelId })
    expect(after.last?.id, 'the channel shows what stands in it').toBe(two.id)
    expect(after.ordinal).toBe(before.ordinal + 1)
    expect(after.read).toMatchObject({ unread: 1, firstUnread: two.seq })
    await dana.isRefused(
      'message.history',
      { channelId, threadRootId: root.id },
      'channel.not_found',
    )
    await dana.seesNothingOf(root.id, one.id)
  },
)

bothDoors(
  'threads are one level deep, and begin at a message that is there [THREAD-1]',
  async (cast) => {
    const { alice, bob } = cast
    const { channelId, root, reply } = await thread(cast)
    const one = await reply(bob, 'yes')
    const send = { channelId, clientId: '019a9f2e-8c4b-7000-8000-0000000000aa', text: 'no' }
    await bob.isRefused('message.send', { ...send, threadRootId: one.id }, 'message.is_reply')
    await bob.isRefused('message.send', { ...send, threadRootId: '1' }, 'message.not_found')
    await bob.isRefused('message.send', { ...send, alsoInChannel: true }, 'bad_request')
    await bob.isRefused('message.history', { channelId, threadRootId: one.id }, 'message.not_found')
    const quiet = await alice.says(channelId, 'said and taken back')
    for (const messageId of [quiet.id, root.id])
      await alice.does('message.delete', { channelId, messageId })
    await bob.isRefused('message.send', { ...send, threadRootId: quiet.id }, 'message.deleted')
    const more = await reply(bob, 'we were talking about food')
    const { messages } = await alice.does('message.history', { channelId, threadRootId: root.id })
    expect(messages, 'a deleted root keeps its replies').toEqual([one, more])
    expect(await seesThread(alice, root, 2)).toMatchObject({ text: null })
    expect(
      await bob.does('message.send', { ...send, text: 'again', threadRootId: root.id }),
    ).toMatchObject({
      duplicate: false,
    })
    await bob.isRefused('message.send', { ...send, text: 'again' }, 'message.client_id_reused')
  },
)

bothDoors('a deleted reply leaves the summary of its root [THREAD-4, DEL-1]', async (cast) => {
  const { alice, bob, charlie } = cast
  const { channelId, root, reply } = await thread(cast)
  const one = await reply(bob, 'one')
  const two = await reply(charlie, 'two')
  await charlie.does('message.delete', { channelId, messageId: two.id })
  const told = await seesThread(alice, root, 1)
  expect(told.thread).toMatchObject({ lastReplySeq: one.seq, faces: [bob.id] })
  await bob.does('message.delete', { channelId, messageId: one.id })
  expect(await seesThread(alice, root, 0)).toMatchObject({
    thread: { lastReplySeq: 0, lastReplyAt: null, faces: [] },
  })
})

bothDoors(
  'people follow what they take part in, and read it like a channel [THREAD-6, THREAD-7, THREAD-8]',
  async (cast) => {
    const { alice, bob, charlie, meets } = cast
    const dana = await meets('dana')
    const { channelId, root, reply, at } = await thread(cast)
    const one = await reply(bob, 'one')
    expect((await alice.does('thread.get', at)).state).toEqual({
      following: true,
      seq: root.seq,
      unread: 1,
      firstUnread: one.seq,
    })
    expect((await bob.does('thread.get', at)).state).toMatchObject({ following: true, unread: 0 })
    expect((await charlie.does('thread.get', at)).state).toMatchObject({
      following: false,
      unread: 0,
    })
    expect((await charlie.does('thread.list', {})).threads).toEqual([])

    const mention = { kind: 'user' as const, userId: charlie.id, start: 0, length: 3 }
    const two = await reply(bob, '@ch what do you say?', { mentions: [mention] })
    expect((await charlie.does('thread.list', {})).threads).toMatchObject([
      {
        channelId,
        root: { id: root.id, thread: { replies: 2 } },
        state: { following: true, unread: 1, firstUnread: two.seq },
      },
    ])
    const { state } = await charlie.does('thread.read', at)
    expect(state).toMatchObject({ seq: two.seq, unread: 0, firstUnread: null })
    expect(await charlie.does('thread.read', { ...at, seq: 1 })).toEqual({ state })
    await charlie.does('thread.unfollow', at)
    expect((await charlie.does('thread.list', {})).threads).toEqual([])
    await reply(bob, 'still there?')
    expect((await charlie.does('thread.get', at)).state).toMatchObject({
      following: false,
      unread: 0,
    })
    await charlie.does('thread.unfollow', at)
    await charlie.does('thread.follow', at)
    expect((await charlie.does('thread.get', at)).state, 'from here on').toMatchObject({
      following: true,
      unread: 0,
    })
    await reply(charlie, 'here again')
    expect((await alice.does('thread.get', at)).state).toMatchObject({ unread: 4 })

    for (const name of ['thread.get', 'thread.follow', 'thread.unfollow', 'thread.read'] as const)
      await dana.isRefused(name, at, 'channel.not_found')
    await alice.isRefused('thread.get', { ...at, messageId: one.id }, 'message.not_found')
    await dana.seesNothingOf(root.id)
  },
)

story(
  'the list of threads begins with those that are unread, then the latest [THREAD-6]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const roots: Message[] = []
    for (const text of ['one', 'two', 'three', 'four']) {
      const root = await alice.says(channelId, text)
      roots.push(root)
      await bob.says(channelId, `to ${text}`, { threadRootId: root.id })
    }
    const [one, two, three, four] = roots.map(({ id }) => id)
    for (const messageId of [two, four])
      await alice.does('thread.read', { channelId, messageId: messageId ?? '' })
    const idsOf = (threads: readonly { root: Message }[]) => threads.map(({ root }) => root.id)
    const all = await alice.does('thread.list', {})
    expect(idsOf(all.threads)).toEqual([three, one, four, two])
    expect(all.next).toBeNull()
    const first = await alice.does('thread.list', { limit: 3 })
    expect(idsOf(first.threads)).toEqual([three, one, four])
    const second = await alice.does('thread.list', { limit: 3, cursor: first.next ?? '' })
    expect(idsOf(second.threads)).toEqual([two])
    await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
    await bob.does('member.leave', { channelId })
    expect((await bob.does('thread.list', {})).threads, 'whoever left').toEqual([])
  },
)

story(
  'who does not see the root sees nothing of its thread [THREAD-5, VIS-1, VIS-2]',
  async ({ alice, bob, charlie, opensGroup, letters }) => {
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const root = await alice.says(channelId, 'before charlie')
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    await charlie.watches(channelId)
    const reply = await bob.says(channelId, `reply ${letters}`, { threadRootId: root.id })
    const shown = await bob.says(channelId, 'shown', { threadRootId: root.id, alsoInChannel: true })
    await bob.does('reaction.add', { channelId, messageId: reply.id, emoji: `r-${letters}` })
    await bob.does('message.delete', { channelId, messageId: reply.id })
    const fresh = await alice.says(channelId, 'for all')
    await charlie.sees(channelId, { id: fresh.id })
    for (const messageId of [reply.id, root.id]) {
      await charlie.isRefused('message.get', { channelId, messageId }, 'message.not_found')
      await charlie.isRefused('thread.get', { channelId, messageId }, 'message.not_found')
      await charlie.isRefused('unread.mark', { channelId, messageId }, 'message.not_found')
      await charlie.isRefused('reaction.list', { channelId, messageId }, 'message.not_found')
    }
    const { messages } = await charlie.does('message.history', { channelId })
    const said = messages.filter(({ kind }) => kind === 'text')
    expect(said.map(({ id }) => id)).toEqual([shown.id, fresh.id])
    expect((await charlie.does('channel.get', { channelId })).read).toMatchObject({ unread: 2 })
    await charlie.seesNothingOf(letters, reply.id)
  },
)

story(
  'who was away gets the replies and the summaries [THREAD-2, THREAD-4, SYNC-5]',
  async (cast) => {
    const { bob, charlie } = cast
    const { channelId, root, reply } = await thread(cast)
    await charlie.goesAway()
    const one = await reply(bob, 'while you were away')
    await charlie.comesBack()
    await charlie.sees(channelId, { id: one.id })
    expect((await seesThread(charlie, root, 1)).thread?.faces).toEqual([bob.id])
  },
)
