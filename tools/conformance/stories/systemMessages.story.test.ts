import type { Message } from '@tertulia/protocol'
import { expect } from 'vitest'
import { bothDoors, type Cast, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const told = async (person: Person, channelId: string): Promise<readonly Message[]> => {
  const { messages } = await person.reads('message.history', { channelId })
  return messages.filter(({ kind }) => kind === 'system')
}

/** A group of alice and bob to which alice added charlie. */
async function charlieJoined({ alice, bob, charlie, opensGroup }: Cast) {
  const { id: channelId } = await opensGroup([bob])
  await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
  const [joined] = await told(alice, channelId)
  if (!joined) throw new Error('Nothing was told of the joining.')
  return { channelId, joined }
}

bothDoors(
  'who comes, goes and renames is told in the channel, and creating it tells nothing [SYS-1, SYS-2]',
  async (cast) => {
    const { alice, bob, charlie, meets, letters } = cast
    const dana = await meets('dana')
    const { channelId, joined } = await charlieJoined(cast)
    expect(joined).toMatchObject({
      kind: 'system',
      author: null,
      text: null,
      system: { event: 'joined', userIds: [charlie.id], by: alice.id },
    })
    await bob.sees(channelId, { id: joined.id })
    await charlie.watches(channelId)
    await charlie.sees(channelId, { id: joined.id })

    await alice.does('channel.update', { channelId, name: `Name ${letters}` })
    await alice.does('channel.update', { channelId, custom: { a: 1 } })
    await alice.does('channel.update', { channelId, name: null })
    await bob.does('member.leave', { channelId })
    await alice.does('member.remove', { channelId, userId: charlie.id })
    const [, ...later] = await told(alice, channelId)
    expect(later.map(({ system }) => system)).toEqual([
      { event: 'renamed', name: `Name ${letters}`, by: alice.id },
      { event: 'renamed', name: null, by: alice.id },
      { event: 'left', userIds: [bob.id], by: bob.id },
      { event: 'left', userIds: [charlie.id], by: alice.id },
    ])
    for (const person of [bob, charlie]) await person.seesNothingOf(later.at(-1)?.id ?? '')
    await dana.seesNothingOf(letters, joined.id)
  },
)

bothDoors(
  'a pin is told where everybody sees what was pinned, and nowhere else [SYS-1, SYS-2, PIN-6]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const seen = await bob.says(channelId, 'for all')
    await alice.does('message.pin', { channelId, messageId: seen.id })
    const [note] = await told(alice, channelId)
    expect(note?.system).toEqual({ event: 'pinned', messageId: seen.id, by: alice.id })
    const secret = await bob.says(channelId, 'before charlie')
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
    await alice.does('message.pin', { channelId, messageId: secret.id })
    const events = (await told(alice, channelId)).map(({ system }) => system?.event)
    expect(events).toEqual(['pinned', 'joined'])
    await charlie.seesNothingOf(seen.id, secret.id)
  },
)

bothDoors(
  'however many are added by one call, it is one message, of those who were no members [SYS-2]',
  async ({ alice, bob, charlie, server, meets, opensGroup }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob])
    const members = [bob, charlie, dana].map(({ id }) => ({ userId: id }))
    await server.does('member.add', { channelId, members })
    const messages = await told(alice, channelId)
    expect(messages).toHaveLength(1)
    const [{ system, seq } = { system: undefined, seq: 0 }] = messages
    expect(system).toMatchObject({ event: 'joined', by: null })
    expect(system?.event === 'joined' && [...system.userIds].sort()).toEqual(
      [charlie.id, dana.id].sort(),
    )
    const { seq: head } = await alice.reads('channel.get', { channelId })
    expect(seq, 'right behind the last joining').toBe(head)
    await alice.does('member.add', { channelId, members })
    expect(await told(alice, channelId)).toHaveLength(1)
  },
)

story(
  'the type of the channel says what is told [SYS-1]',
  async ({ alice, bob, charlie, server, letters }) => {
    const tells = async (type: string) => {
      const { channel } = await server.does('channel.getOrCreate', {
        key: `${type}-${letters}`,
        type,
        members: [{ userId: alice.id, role: 'owner' }],
      })
      const channelId = channel.id
      await bob.does('member.join', { channelId })
      await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
      await alice.does('channel.update', { channelId, name: `${type} ${letters}` })
      await bob.does('member.leave', { channelId })
      return (await told(alice, channelId)).map(({ system }) => system?.event)
    }
    expect(await tells('public')).toEqual(['renamed'])
    expect(await tells('live')).toEqual([])
  },
)

bothDoors(
  'a system message is never unread, and the list stays as it was [SYS-3]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const said = await bob.says(channelId, 'hi')
    await alice.does('receipt.read', { channelId })
    await bob.does('channel.arrange', { channelId, hidden: true })
    const { line } = await bob.connects({ channels: [{ id: channelId, interest: 'list' }] })
    const before = await alice.reads('channel.get', { channelId })
    await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })

    const after = await alice.reads('channel.get', { channelId })
    expect(after).toMatchObject({
      last: before.last,
      ordinal: before.ordinal,
      read: { unread: 0, mentions: 0 },
      channel: { lastMessageAt: said.createdAt },
    })
    const counted = { seq: after.seq, unread: 0, firstUnread: null }
    for (const person of [bob, charlie])
      expect((await person.reads('channel.get', { channelId })).read).toMatchObject({ unread: 0 })
    await line.sees('bump', ({ seq, last, ordinal }) => {
      expect([last, ordinal]).toEqual([undefined, undefined])
      return seq === counted.seq
    })
    const hidden = await bob.does('channel.list', { show: 'hidden' })
    expect(hidden.channels).toMatchObject([{ channel: { id: channelId } }])
    const { read } = await alice.does('receipt.read', { channelId })
    expect(read).toMatchObject(counted)
  },
)

bothDoors(
  'nobody edits, answers, quotes or reacts to a system message; who deletes those of others deletes it [SYS-4]',
  async (cast) => {
    const { alice, bob, charlie, server, meets } = cast
    const dana = await meets('dana')
    const { channelId, joined } = await charlieJoined(cast)
    const at = { channelId, messageId: joined.id }
    const send = { channelId, clientId: clientId(), text: 'welcome' }
    for (const person of [alice, server]) {
      await person.isRefused('message.edit', { ...at, text: 'mine' }, 'message.system')
      await person.isRefused('message.send', { ...send, quotedId: joined.id }, 'message.system')
      await person.isRefused('message.send', { ...send, threadRootId: joined.id }, 'message.system')
    }
    await bob.isRefused('reaction.add', { ...at, emoji: '👍' }, 'message.system')
    for (const name of ['thread.get', 'thread.follow', 'thread.read'] as const)
      await bob.isRefused(name, at, 'message.not_found')
    await bob.isRefused(
      'message.history',
      { channelId, threadRootId: joined.id },
      'message.not_found',
    )
    await dana.isRefused('message.edit', { ...at, text: 'mine' }, 'channel.not_found')
    for (const person of [bob, charlie]) await person.isRefused('message.delete', at, 'forbidden')

    const { message } = await alice.does('message.delete', at)
    expect(message).toMatchObject({ id: joined.id, kind: 'system', text: null })
    expect(message.system, 'what it told is gone').toBeUndefined()
    expect(message.deletedAt).toBeDefined()
    await bob.sees(channelId, { id: joined.id, version: message.version })
    await alice.isRefused('message.edit', { ...at, text: 'mine' }, 'message.system')
  },
)

story('who was away gets what was told meanwhile [SYS-1, SYNC-5]', async (cast) => {
  const { alice, bob, charlie, opensGroup } = cast
  const { id: channelId } = await opensGroup([bob])
  await bob.goesAway()
  await alice.does('member.add', { channelId, members: [{ userId: charlie.id }] })
  await alice.does('channel.update', { channelId, name: 'Meanwhile' })
  await bob.comesBack()
  for (const { id } of await told(alice, channelId)) await bob.sees(channelId, { id })
})
