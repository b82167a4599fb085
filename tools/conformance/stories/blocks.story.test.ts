import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const AT = expect.any(Number)

const opensDirect = async (person: Person, ...others: readonly Person[]) => {
  const { channel } = await person.does('channel.create', {
    clientId: clientId(),
    type: 'direct',
    members: others.map(({ id }) => ({ userId: id })),
  })
  for (const one of [person, ...others]) await one.watches(channel.id)
  return channel
}

const mentionOf = ({ id }: Person) => ({
  mentions: [{ kind: 'user' as const, userId: id, start: 0, length: 1 }],
})
const everybody = { mentions: [{ kind: 'channel' as const, start: 0, length: 1 }] }

const mentionsOf = async (person: Person, channelId: string) =>
  (await person.reads('channel.get', { channelId })).read?.mentions

bothDoors(
  'a list of blocks is for its user alone, and says how it shall be [BLOCK-1, BLOCK-2, BLOCK-3]',
  async ({ alice, bob, charlie, meets, opensGroup }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie])
    const once = { block: { userId: bob.id, mode: 'oneWay', blockedAt: AT } }
    const first = await alice.does('user.block', { userId: bob.id })
    expect(first).toEqual(once)
    expect(await alice.does('user.block', { userId: bob.id, mode: 'oneWay' })).toEqual(first)
    const twoWay = await alice.does('user.block', { userId: bob.id, mode: 'twoWay' })
    expect(twoWay.block).toEqual({ ...first.block, mode: 'twoWay' })
    await alice.does('user.block', { userId: charlie.id })
    expect(alice.own?.told.filter(({ name }) => name === 'user.blocked')).toHaveLength(3)
    const page = await alice.does('block.list', { limit: 1 })
    expect(page.blocks.map(({ userId }) => userId)).toEqual([charlie.id])
    const rest = await alice.does('block.list', { limit: 1, cursor: page.next ?? '' })
    expect(rest).toEqual({ blocks: [twoWay.block], next: null })

    await alice.does('member.remove', { channelId, userId: charlie.id })
    await alice.does('user.unblock', { userId: charlie.id })
    await alice.does('user.unblock', { userId: charlie.id })
    await alice.does('user.unblock', { userId: 'nobody-at-all' })
    expect(alice.own?.told.filter(({ name }) => name === 'user.unblocked')).toHaveLength(1)
    expect((await alice.does('block.list', {})).blocks).toEqual([twoWay.block])
    await alice.does('user.block', { userId: charlie.id })
    await alice.does('user.unblock', { userId: charlie.id })

    for (const userId of [dana.id, 'nobody-at-all'])
      await alice.isRefused('user.block', { userId }, 'user.not_found')
    await alice.isRefused('user.block', { userId: alice.id }, 'bad_request')
    for (const other of [bob, charlie, dana]) {
      expect(await other.does('block.list', {})).toEqual({ blocks: [], next: null })
      await other.seesNothingOf('user.blocked', 'twoWay', 'blockedAt')
    }
  },
)

story(
  'every device of a user hears of a block, and sync brings the list to one that was away [BLOCK-2, SYNC-15]',
  async ({ alice, bob, charlie, opensGroup }) => {
    await opensGroup([bob, charlie])
    const { line } = await alice.connects()
    await alice.does('user.block', { userId: charlie.id })
    const { user: before } = await alice.reads('sync.pull', { user: null })
    if (before?.status !== 'reset') throw new Error('A first pull was not a reset.')
    expect(before.blocks).toEqual([{ userId: charlie.id, mode: 'oneWay', blockedAt: AT }])
    await alice.does('user.block', { userId: bob.id })
    await alice.does('user.unblock', { userId: charlie.id })
    await line.sees('event', ({ name }) => name === 'user.unblocked')
    const cursor = { epoch: before.epoch, seq: before.through }
    const { user: since } = await alice.reads('sync.pull', { user: cursor })
    const block = { userId: bob.id, mode: 'oneWay', blockedAt: AT }
    expect(since).toMatchObject({ status: 'delta', blocks: [block] })
    await alice.does('user.update', { name: 'Alice again' })
    const { user: later } = await alice.reads('sync.pull', {
      user: { epoch: before.epoch, seq: before.through + 2 },
    })
    expect(later).not.toHaveProperty('blocks')
  },
)

bothDoors(
  'neither reaches the other in their direct channel, and what was said stays [BLOCK-4, PIN-1, REACT-1]',
  async ({ alice, bob, charlie, opensGroup }) => {
    await opensGroup([bob, charlie])
    const { id: channelId } = await opensDirect(alice, bob)
    const early = clientId()
    const wish = { channelId, clientId: early, text: 'before' }
    const { message } = await bob.does('message.send', wish)
    const at = { channelId, messageId: message.id }
    await bob.does('reaction.add', { ...at, emoji: '👍' })
    await bob.does('message.pin', at)
    const mine = await alice.says(channelId, 'mine')
    await alice.does('user.block', { userId: bob.id })
    const { seq: head } = await alice.reads('channel.get', { channelId })
    for (const [person, own] of [
      [bob, at],
      [alice, { channelId, messageId: mine.id }],
    ] as const) {
      const send = { channelId, clientId: clientId(), text: 'in vain' }
      await person.isRefused('message.send', send, 'user.unreachable')
      const later = { ...send, clientId: clientId(), sendAt: Date.now() + 60_000 }
      await person.isRefused('scheduled.create', later, 'user.unreachable')
      await person.isRefused('message.edit', { ...own, text: 'changed' }, 'user.unreachable')
      await person.isRefused('reaction.add', { ...at, emoji: '🎉' }, 'user.unreachable')
      const wave = { channelId, name: 'wave', data: {} }
      await person.isRefused('event.send', wave, 'user.unreachable')
      const pin = { channelId, messageId: mine.id }
      await person.isRefused('message.pin', pin, 'user.unreachable')
      expect((await person.does('message.pin', at)).pin, 'is there').toMatchObject({ by: bob.id })
    }
    const again = await bob.does('reaction.add', { ...at, emoji: '👍' })
    expect(again.reactions).toEqual({ '👍': 1 })
    expect((await bob.does('message.edit', { ...at, text: 'before' })).message.text).toBe('before')
    expect((await alice.reads('channel.get', { channelId })).seq, 'nothing came').toBe(head)
    expect(await bob.does('message.send', wish)).toMatchObject({ duplicate: true })
    const { messages } = await bob.reads('message.history', { channelId })
    expect(messages.map(({ kind }) => kind)).toEqual(['text', 'system', 'text'])
    await bob.does('reaction.remove', { ...at, emoji: '👍' })
    await bob.does('message.delete', at)
    await alice.does('user.unblock', { userId: bob.id })
    await bob.says(channelId, 'again')
    await alice.sees(channelId, { text: 'again' })

    const { id: three } = await opensDirect(bob, alice, charlie)
    await alice.does('user.block', { userId: bob.id, mode: 'twoWay' })
    await bob.says(three, 'to all of you')
    await alice.sees(three, { text: 'to all of you' })
  },
)

bothDoors(
  'whoever is blocked gets the answer of a deactivated one [BLOCK-4, OP-3]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    await opensGroup([bob, charlie])
    const { id: withAlice } = await opensDirect(bob, alice)
    const { id: withCharlie } = await opensDirect(bob, charlie)
    await alice.does('user.block', { userId: bob.id })
    await server.does('user.deactivate', { userId: charlie.id })
    const refusal = async (name: 'message.send' | 'channel.create', input: object) => {
      const wish = { clientId: clientId(), ...input }
      const { requestId, ...said } = await bob.isRefused(name, wish, 'user.unreachable')
      return JSON.stringify(said).replaceAll(alice.id, '#').replaceAll(charlie.id, '#')
    }
    expect(await refusal('message.send', { channelId: withAlice, text: 'hi' })).toBe(
      await refusal('message.send', { channelId: withCharlie, text: 'hi' }),
    )
    const member = ({ id }: Person) => ({ members: [{ userId: id }] })
    expect(await refusal('channel.create', member(alice))).toBe(
      await refusal('channel.create', member(charlie)),
    )
    for (const [person, id] of [
      [alice, withAlice],
      [charlie, withCharlie],
    ] as const) {
      const wish = { clientId: clientId(), type: 'direct', ...member(person) }
      expect((await bob.does('channel.create', wish)).channel.id).toBe(id)
    }
    await bob.seesNothingOf('blockedAt', 'user.blocked')
  },
)

bothDoors(
  'whoever is blocked brings nobody along, and others do [BLOCK-5]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: common } = await opensGroup([bob, charlie])
    const { id: mine } = await opensGroup([])
    await alice.does('user.block', { userId: bob.id })
    const present = { channelId: common, members: [{ userId: alice.id }] }
    expect((await bob.does('member.add', present)).members).toMatchObject([{ role: 'owner' }])
    const wish = (type: string, { id }: Person) => ({
      clientId: clientId(),
      type,
      members: [{ userId: id }],
    })
    for (const type of ['group', 'direct'])
      await bob.isRefused('channel.create', wish(type, alice), 'user.unreachable')
    await alice.isRefused('channel.create', wish('direct', bob), 'user.unreachable')
    const { channel } = await bob.does('channel.create', wish('group', charlie))
    const add = { channelId: channel.id, members: [{ userId: alice.id }] }
    await bob.isRefused('member.add', add, 'user.unreachable')
    await alice.seesNothingOf(channel.id)
    await charlie.does('member.add', add)
    await alice.does('member.add', { channelId: mine, members: [{ userId: bob.id }] })
    await server.does('channel.create', {
      clientId: clientId(),
      type: 'direct',
      members: [{ userId: alice.id }, { userId: bob.id }],
    })
  },
)

bothDoors(
  'a mention by somebody whom one blocks is none, and the text stays [BLOCK-6, THREAD-6]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    await server.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await alice.does('user.block', { userId: bob.id, mode: 'twoWay' })
    await bob.says(channelId, '@alice', mentionOf(alice))
    await bob.says(channelId, '@charlie', mentionOf(charlie))
    await bob.says(channelId, '@channel', everybody)
    await alice.sees(channelId, { text: '@alice' })
    const root = await charlie.says(channelId, 'root')
    await bob.says(channelId, '@alice in a thread', {
      ...mentionOf(alice),
      threadRootId: root.id,
    })
    expect(await mentionsOf(alice, channelId)).toBe(0)
    expect(await mentionsOf(charlie, channelId)).toBe(2)
    expect((await alice.reads('thread.list', {})).threads).toEqual([])
    const { id: threadRootId } = await alice.says(channelId, 'mine')
    const at = { channelId, messageId: threadRootId }
    await bob.says(channelId, 'to alice', { threadRootId })
    expect((await alice.reads('thread.get', at)).state.following, 'by bob').toBe(false)
    await charlie.says(channelId, 'me too', { threadRootId })
    expect((await alice.reads('thread.get', at)).state, 'by charlie').toMatchObject({
      following: true,
      unread: 1,
    })
    await charlie.says(channelId, '@alice from charlie', mentionOf(alice))
    expect(await mentionsOf(alice, channelId)).toBe(1)

    await alice.says(channelId, '@bob', mentionOf(bob))
    expect(await mentionsOf(bob, channelId), 'the difference would tell him').toBe(1)
    await alice.does('user.unblock', { userId: bob.id })
    expect(await mentionsOf(alice, channelId), 'the one of everybody counts again').toBe(2)
  },
)
