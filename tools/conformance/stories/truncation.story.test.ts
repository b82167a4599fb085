import { expect } from 'vitest'
import { bothDoors, type Cast, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'

/** Alice's group with bob, in which things were said, answered, marked and mentioned. */
async function talkedOver({ alice, bob, opensGroup, letters }: Cast) {
  const { id: channelId } = await opensGroup([bob])
  const root = await alice.says(channelId, `root ${letters}`)
  const reply = await bob.says(channelId, `reply ${letters}`, { threadRootId: root.id })
  const wish = { channelId, clientId: clientId(), text: `@alice ${letters}` }
  const mentions = [{ kind: 'user', userId: alice.id, start: 0, length: 6 } as const]
  const { message: mentioning } = await bob.does('message.send', { ...wish, mentions })
  await bob.does('reaction.add', { channelId, messageId: root.id, emoji: '👍' })
  return { channelId, root, reply, mentioning, wish: { ...wish, mentions } }
}

bothDoors(
  'what was said up to a seq is gone for everybody, everywhere [TRUNC-1, TRUNC-2, EVT-1]',
  async (cast) => {
    const { alice, bob, charlie, server, meets, letters } = cast
    const dana = await meets('dana')
    const { channelId, root, reply, mentioning } = await talkedOver(cast)
    const later = await bob.says(channelId, 'later', { quotedId: root.id })
    const shown = await bob.says(channelId, 'shown', { threadRootId: root.id, alsoInChannel: true })
    const hidden = await bob.says(channelId, `late ${letters}`, { threadRootId: root.id })
    const before = await alice.reads('channel.get', { channelId })

    for (const { id: messageId } of [root, hidden, later])
      await alice.does('message.pin', { channelId, messageId })
    const upTo = mentioning.seq
    const { channel } = await alice.does('channel.truncate', { channelId, upTo })
    expect(channel).toMatchObject({ floor: upTo, lastMessageAt: before.channel.lastMessageAt })
    for (const person of [alice, bob, server]) {
      const { messages, hasOlder } = await person.does('message.history', { channelId })
      const said = messages.filter(({ kind }) => kind === 'text').map(({ id }) => id)
      expect([said, hasOlder]).toEqual([[later.id, shown.id], false])
      const older = await person.does('message.history', { channelId, before: later.seq })
      expect(older).toMatchObject({ messages: [], low: 0, hasOlder: false })
      for (const { id: messageId } of [root, reply, mentioning, hidden])
        await person.isRefused('message.get', { channelId, messageId }, 'message.not_found')
    }
    const { pinned } = await bob.does('message.listPinned', { channelId })
    expect(pinned.map(({ message }) => message.id)).toEqual([later.id])
    const at = { channelId, messageId: root.id }
    await alice.isRefused('message.edit', { ...at, text: 'again' }, 'message.not_found')
    await alice.isRefused('message.delete', at, 'message.not_found')
    await bob.isRefused('reaction.add', { ...at, emoji: '🎉' }, 'message.not_found')
    for (const name of ['unread.mark', 'thread.get', 'thread.follow', 'thread.read'] as const)
      await bob.isRefused(name, at, 'message.not_found')
    const send = { channelId, clientId: clientId(), text: 'you said' }
    await bob.isRefused('message.send', { ...send, quotedId: root.id }, 'message.not_found')
    await bob.isRefused('message.send', { ...send, threadRootId: root.id }, 'message.not_found')
    const { read } = await alice.reads('channel.get', { channelId })
    expect(read).toMatchObject({ unread: 2, firstUnread: later.seq, mentions: 0 })
    expect((await alice.does('unread.total', {})).mentions).toBe(0)
    expect((await alice.does('thread.list', {})).threads).toEqual([])
    await bob.does('message.delete', { channelId, messageId: shown.id })

    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    await charlie.watches(channelId)
    await charlie.seesNothingOf(letters)
    await dana.seesNothingOf(letters, root.id)
  },
)

bothDoors(
  'with everything goes what the list showed, and new things are said as before [TRUNC-2, TRUNC-4]',
  async (cast) => {
    const { alice, bob } = cast
    const { channelId, root } = await talkedOver(cast)
    const { line } = await bob.connects({ channels: [{ id: channelId, interest: 'list' }] })
    const { channel } = await alice.does('channel.truncate', { channelId })
    await line.sees('bump', ({ floor, last }) => floor === channel.floor && last === undefined)
    const emptied = await bob.reads('channel.get', { channelId })
    expect(emptied).toMatchObject({
      last: null,
      read: { unread: 0 },
      channel: { floor: root.seq + 4 },
    })
    expect((await bob.does('message.history', { channelId })).messages).toEqual([])
    const { seq } = emptied
    expect(await alice.does('channel.truncate', { channelId }), 'nothing is left').toEqual({
      channel: emptied.channel,
    })
    const lower = { channelId, upTo: root.seq }
    expect(await alice.does('channel.truncate', lower)).toEqual({ channel: emptied.channel })
    const far = { channelId, upTo: Number.MAX_SAFE_INTEGER }
    expect(await alice.does('channel.truncate', far)).toEqual({ channel: emptied.channel })
    expect((await alice.reads('channel.get', { channelId })).seq, 'nothing was told').toBe(seq)

    const fresh = await bob.says(channelId, 'fresh')
    await alice.sees(channelId, { id: fresh.id })
    expect(await alice.reads('channel.get', { channelId })).toMatchObject({
      last: { id: fresh.id },
      ordinal: emptied.ordinal + 1,
      read: { unread: 1 },
    })
  },
)

bothDoors(
  'a send whose message was truncated is not sent anew by its retry [TRUNC-5, SEND-6]',
  async (cast) => {
    const { alice, bob } = cast
    const { channelId, wish, mentioning } = await talkedOver(cast)
    expect((await bob.does('message.send', wish)).message.id).toBe(mentioning.id)
    await alice.does('channel.truncate', { channelId })
    await bob.isRefused('message.send', wish, 'message.truncated')
    await bob.isRefused('message.send', { ...wish, text: 'x' }, 'message.client_id_reused')
    expect((await alice.does('message.history', { channelId })).messages).toEqual([])
  },
)

bothDoors(
  'owners truncate and servers do, nobody else, and a stranger learns nothing [TRUNC-1]',
  async (cast) => {
    const { alice, bob, charlie, server } = cast
    const { channelId } = await talkedOver(cast)
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await bob.isRefused('channel.truncate', { channelId }, 'forbidden')
    await charlie.isRefused('channel.truncate', { channelId }, 'channel.not_found')
    const { channel: direct } = await alice.does('channel.create', {
      type: 'direct',
      clientId: clientId(),
      members: [{ userId: bob.id }],
    })
    await alice.isRefused('channel.truncate', { channelId: direct.id }, 'forbidden')
    const { channel } = await server.does('channel.truncate', { channelId })
    expect(channel.floor).toBeGreaterThan(0)
  },
)

story(
  'who was away drops what was truncated, whatever they held [TRUNC-3, SYNC-5]',
  async (cast) => {
    const { alice, bob, letters } = cast
    const { channelId } = await talkedOver(cast)
    await alice.does('message.history', { channelId })
    await bob.goesAway()
    const { channel } = await alice.does('channel.truncate', { channelId })
    const fresh = await alice.says(channelId, 'fresh')
    await bob.comesBack()
    await bob.sees(channelId, { id: fresh.id })
    const { state } = bob.copyOf(channelId)
    expect(state?.channel.floor).toBe(channel.floor)
    expect(JSON.stringify(state)).not.toContain(letters)
  },
)
