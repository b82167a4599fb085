import type { Pin } from '@tertulia/protocol'
import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { clientId } from '../src/names.ts'
import type { Person } from '../src/person.ts'

const pinnedOf = async (person: Person, channelId: string) =>
  (await person.reads('message.listPinned', { channelId })).pinned

const keptBy = (person: Person, channelId: string): Record<string, Pin> => ({
  ...person.copyOf(channelId).state?.pins,
})

bothDoors(
  'a pinned message is at hand for everybody in the channel, and for nobody else [PIN-1, PIN-4, PIN-7]',
  async ({ alice, bob, charlie, meets, server, opensGroup }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob, charlie])
    const first = await bob.says(channelId, 'first')
    const second = await bob.says(channelId, 'second')
    const at = { channelId, messageId: first.id }
    const { pin } = await alice.does('message.pin', at)
    expect(pin).toEqual({
      messageId: first.id,
      messageSeq: first.seq,
      at: expect.any(Number),
      by: alice.id,
    })
    expect(await alice.does('message.pin', at), 'twice').toEqual({ pin })
    const { pin: byApp } = await server.does('message.pin', { channelId, messageId: second.id })
    expect(byApp.by).toBeNull()
    for (const person of [alice, bob, charlie]) {
      expect(keptBy(person, channelId)).toEqual({ [first.id]: pin, [second.id]: byApp })
      expect(await pinnedOf(person, channelId)).toEqual([
        { pin: byApp, message: second },
        { pin, message: first },
      ])
    }
    const told = bob.copyOf(channelId).told.filter(({ name }) => name === 'message.pinned')
    expect(told.map(({ data }) => data)).toEqual([{ pin }, { pin: byApp }])

    const page = await bob.does('message.listPinned', { channelId, limit: 1 })
    expect(page.pinned).toHaveLength(1)
    const next = { channelId, limit: 1, cursor: page.next ?? '' }
    expect((await bob.does('message.listPinned', next)).pinned).toEqual([{ pin, message: first }])

    await bob.isRefused('message.pin', at, 'forbidden')
    await bob.isRefused('message.unpin', at, 'forbidden')
    await alice.does('member.update', { channelId, userId: bob.id, role: 'moderator' })
    await bob.does('message.unpin', at)
    await alice.does('message.unpin', at)
    const taken = alice.copyOf(channelId).told.filter(({ name }) => name === 'message.unpinned')
    expect(taken.map(({ data }) => data)).toEqual([{ messageId: first.id, messageSeq: first.seq }])
    expect(keptBy(charlie, channelId)).toEqual({ [second.id]: byApp })
    for (const op of ['message.pin', 'message.unpin'] as const)
      await dana.isRefused(op, at, 'channel.not_found')
    await dana.isRefused('message.listPinned', { channelId }, 'channel.not_found')
    await dana.seesNothingOf(first.id, second.id, 'message.pinned')
  },
)

bothDoors(
  'a pin leaves its message as it is, stays through edits and ends with the deletion [PIN-2, PIN-3]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const message = await bob.says(channelId, 'as it is')
    const at = { channelId, messageId: message.id }
    await alice.does('message.pin', at)
    const edit = { ...at, text: 'changed', ifVersion: message.version }
    const { message: edited } = await bob.does('message.edit', edit)
    expect((await pinnedOf(bob, channelId)).map(({ message }) => message)).toEqual([edited])
    const reply = await bob.says(channelId, 'a reply', { threadRootId: message.id })
    await alice.does('message.pin', { channelId, messageId: reply.id })
    expect(Object.keys(keptBy(bob, channelId))).toEqual([message.id, reply.id])

    await bob.does('message.delete', at)
    expect(Object.keys(keptBy(alice, channelId))).toEqual([reply.id])
    expect((await pinnedOf(bob, channelId)).map(({ pin }) => pin.messageId)).toEqual([reply.id])
    const { told } = alice.copyOf(channelId)
    expect(told.filter(({ name }) => name === 'message.unpinned')).toEqual([])
    await alice.isRefused('message.pin', at, 'message.deleted')
    await alice.does('message.unpin', at)
  },
)

bothDoors(
  'no delta tells that a pin changed which is hidden [PIN-5, PIN-6]',
  async ({ alice, bob, opensGroup, meets }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const before = await bob.says(channelId, 'before')
    await alice.does('member.add', { channelId, members: [{ userId: dana.id }] })
    const pinsSince = async (person: Person, change: () => Promise<unknown>) => {
      const { epoch, seq } = await person.reads('channel.get', { channelId })
      await change()
      const channels = [{ id: channelId, epoch, seq }]
      const [since] = (await person.reads('sync.pull', { channels })).channels
      if (since?.status !== 'delta') throw new Error(`It was ${since?.status}.`)
      return since.pins
    }
    const speaks = () => bob.says(channelId, 'hi')
    const pins = () => alice.does('message.pin', { channelId, messageId: before.id })
    expect(await pinsSince(dana, speaks), 'nothing ever was pinned').toBeUndefined()
    expect(await pinsSince(dana, pins)).toEqual([])
    expect(await pinsSince(dana, speaks), 'looks the same').toEqual([])
  },
)

bothDoors(
  'who does not see a message does not see that it is pinned [PIN-6, VIS-2]',
  async ({ alice, bob, opensGroup, meets }) => {
    const dana = await meets('dana')
    const { id: channelId } = await opensGroup([bob], { history: 'sinceJoin' })
    const root = await bob.says(channelId, 'before')
    const late = await bob.says(channelId, 'also before')
    await alice.does('message.pin', { channelId, messageId: root.id })
    await alice.does('member.add', { channelId, members: [{ userId: dana.id }] })
    await dana.watches(channelId)
    const reply = await bob.says(channelId, 'a reply in its thread', { threadRootId: root.id })
    const seen = await bob.says(channelId, 'since')
    for (const { id: messageId } of [late, reply, seen])
      await alice.does('message.pin', { channelId, messageId })
    await alice.does('message.unpin', { channelId, messageId: root.id })
    expect(Object.keys(keptBy(bob, channelId))).toHaveLength(3)
    expect(Object.keys(keptBy(dana, channelId))).toEqual([seen.id])
    expect((await pinnedOf(dana, channelId)).map(({ message }) => message)).toEqual([seen])
    await alice.does('member.update', { channelId, userId: dana.id, role: 'moderator' })
    for (const { id: messageId } of [root, late, reply])
      for (const op of ['message.pin', 'message.unpin'] as const)
        await dana.isRefused(op, { channelId, messageId }, 'message.not_found')
    await dana.seesNothingOf(root.id, late.id, reply.id)
  },
)

bothDoors(
  'in a direct channel everybody pins, and elsewhere no system message is [PIN-1, PIN-2, BLOCK-4]',
  async ({ alice, bob, opensGroup }) => {
    const { channel } = await alice.does('channel.create', {
      clientId: clientId(),
      type: 'direct',
      members: [{ userId: bob.id }],
    })
    const { id: messageId } = await alice.says(channel.id, 'hi')
    await bob.does('message.pin', { channelId: channel.id, messageId })
    await alice.does('user.block', { userId: bob.id })
    const wish = { channelId: channel.id, messageId }
    await bob.does('message.unpin', wish)
    expect(await pinnedOf(alice, channel.id)).toEqual([])
    await bob.isRefused('message.pin', wish, 'user.unreachable')

    const { id: channelId } = await opensGroup([])
    await alice.does('member.add', { channelId, members: [{ userId: bob.id }] })
    const { messages } = await alice.reads('message.history', { channelId })
    const note = messages.find(({ kind }) => kind === 'system')
    const noted = { channelId, messageId: note?.id ?? '' }
    await alice.isRefused('message.pin', noted, 'message.system')
  },
)

story(
  'a device that was away holds the pins that there are now [PIN-5]',
  async ({ alice, bob, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const said = [
      await alice.says(channelId, 'unpinned'),
      await alice.says(channelId, 'deleted'),
      await alice.says(channelId, 'stays'),
      await alice.says(channelId, 'new'),
    ]
    const [unpinned = '', deleted = '', stays = '', fresh = ''] = said.map(({ id }) => id)
    for (const messageId of [unpinned, deleted, stays])
      await alice.does('message.pin', { channelId, messageId })
    await bob.goesAway()
    await alice.does('message.unpin', { channelId, messageId: unpinned })
    await alice.does('message.delete', { channelId, messageId: deleted })
    await alice.does('message.pin', { channelId, messageId: fresh })
    await bob.comesBack()
    expect(Object.keys(keptBy(bob, channelId)).sort()).toEqual([stays, fresh].sort())
    const position = bob.copyOf(channelId).position
    await alice.says(channelId, 'nothing about pins')
    const { channels } = await bob.reads('sync.pull', {
      channels: [{ id: channelId, ...position }],
    })
    expect(channels[0]).toMatchObject({ status: 'delta' })
    expect(channels[0]).not.toHaveProperty('pins')
  },
)
