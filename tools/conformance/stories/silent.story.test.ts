import { expect } from 'vitest'
import { bothDoors, type Cast } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

const mentionOf = (userId: string) => ({ kind: 'user', userId, start: 0, length: 4 }) as const

/** A group of alice, bob and charlie in which alice has read everything. */
async function allRead({ alice, bob, charlie, opensGroup }: Cast) {
  const { id: channelId } = await opensGroup([bob, charlie])
  const loud = await bob.says(channelId, 'aloud')
  await alice.does('receipt.read', { channelId })
  return { channelId, loud }
}

bothDoors(
  'what is sent silently is never unread, and is shown like any other message [SEND-13]',
  async (cast) => {
    const { alice, bob, server, meets, letters } = cast
    const dana = await meets('dana')
    const { channelId, loud } = await allRead(cast)
    const before = await alice.reads('channel.get', { channelId })
    const text = `psst ${letters}`
    const mentions = [mentionOf(alice.id)]
    const said = await bob.says(channelId, text, { silent: true, mentions })
    expect(said).toMatchObject({ silent: true, text, mentions })
    expect((await alice.sees(channelId, { id: said.id })).silent).toBe(true)
    expect(loud).not.toHaveProperty('silent')

    const { last, ordinal, read, channel } = await alice.reads('channel.get', { channelId })
    expect({ last, ordinal, read, at: channel.lastMessageAt }).toMatchObject({
      last: { id: said.id, text },
      ordinal: before.ordinal,
      read: { unread: 0, firstUnread: null, mentions: 0 },
      at: said.createdAt,
    })
    expect(await alice.does('unread.total', {})).toMatchObject({ unread: 0, mentions: 0 })
    expect(await alice.does('unread.explain', { channelId })).toMatchObject({ mentionedIn: [] })
    const again = [{ ...mentionOf(alice.id), length: 5 }]
    const edited = { channelId, messageId: said.id, text: 'psst again', mentions: again }
    expect((await bob.does('message.edit', edited)).message.silent).toBe(true)
    expect((await alice.reads('channel.get', { channelId })).read).toMatchObject({ mentions: 0 })

    const { message } = await server.does('message.send', {
      channelId,
      clientId: clientId(),
      text: 'from the app',
      silent: true,
    })
    expect(message).toMatchObject({ silent: true, author: null })
    const next = await bob.says(channelId, 'aloud again')
    expect((await alice.reads('channel.get', { channelId })).read).toMatchObject({
      unread: 1,
      firstUnread: next.seq,
    })
    await dana.seesNothingOf(letters, said.id)
  },
)

bothDoors('a silent reply leaves the thread read, and draws nobody in [SEND-13]', async (cast) => {
  const { alice, bob, charlie } = cast
  const { channelId, loud: root } = await allRead(cast)
  const at = { channelId, messageId: root.id }
  const other = await bob.says(channelId, 'another root')
  for (const { id } of [root, other]) await alice.says(channelId, 'me', { threadRootId: id })
  await bob.says(channelId, 'aloud', { threadRootId: other.id })
  const reply = { threadRootId: root.id, silent: true, mentions: [mentionOf(charlie.id)] }
  const said = await bob.says(channelId, 'psst psst', reply)
  const { state, root: shown } = await alice.does('thread.get', at)
  expect(state).toMatchObject({ following: true, unread: 0, firstUnread: null })
  expect(shown.thread).toMatchObject({ replies: 2, lastReplySeq: said.seq })
  expect((await charlie.does('thread.get', at)).state.following).toBe(false)
  const { threads } = await alice.does('thread.list', {})
  expect(
    threads.map(({ root: { id } }) => id),
    'unread ones first',
  ).toEqual([other.id, root.id])
})

bothDoors('a retry that is silent is another wish [SEND-6, SEND-13]', async (cast) => {
  const { bob } = cast
  const { channelId } = await allRead(cast)
  const wish = { channelId, clientId: clientId(), text: 'psst', silent: true }
  const { message } = await bob.does('message.send', wish)
  const again = await bob.does('message.send', wish)
  expect(again).toMatchObject({ message: { id: message.id }, duplicate: true })
  for (const other of [{ silent: false }, { silent: undefined }])
    await bob.isRefused('message.send', { ...wish, ...other }, 'message.client_id_reused')
})
