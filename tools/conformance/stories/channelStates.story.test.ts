import { type OperationName, operations } from '@tertulia/protocol'
import { describe, expect, test } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'
import { came, overRest, StageLines } from '../src/matrix/asking.ts'
import { appDoes, buildStage } from '../src/matrix/stage.ts'
import { states } from '../src/matrix/states.ts'
import { clientId } from '../src/names.ts'
import { until } from '../src/until.ts'

/** What a plain member gets for an operation in a channel that an app server put into this state. */
async function outcomeIn(state: 'frozen' | 'disabled', name: OperationName): Promise<string> {
  const stage = await buildStage()
  await appDoes('channel.update', { channelId: stage.channelId, state })
  const asking = { things: stage, actor: 'member', bearer: stage.bearers.member } as const
  const lines = new StageLines(stage)
  const overSocket = operations.find((operation) => operation.name === name)?.rest === null
  try {
    return came(name, await (overSocket ? lines.ask : overRest)(name, asking), stage)
  } finally {
    await lines.close()
  }
}

for (const state of ['frozen', 'disabled'] as const)
  describe(`every operation takes a side on ${state} channels [STATE-2, STATE-3, STATE-4]`, () => {
    for (const { name } of operations) {
      const sides = states[name]
      if (sides) test(name, async () => expect(await outcomeIn(state, name)).toBe(sides[state]))
    }
  })

bothDoors(
  'a frozen channel is read and not spoken in, besides by those who froze it [STATE-1, STATE-2, STATE-3]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const wish = { channelId, clientId: clientId(), text: 'before' }
    const { message } = await bob.does('message.send', wish)
    const at = { channelId, messageId: message.id }
    await bob.isRefused('channel.update', { channelId, state: 'frozen' }, 'forbidden')
    const { channel } = await alice.does('channel.update', { channelId, state: 'frozen' })
    expect(channel.state).toBe('frozen')
    await until('bob is told', () => bob.copyOf(channelId).state?.channel.state === 'frozen')
    expect(await alice.does('channel.update', { channelId, state: 'frozen' })).toEqual({ channel })

    const send = { channelId, clientId: clientId(), text: 'now' }
    for (const more of [{}, { threadRootId: message.id }])
      await bob.isRefused('message.send', { ...send, ...more }, 'channel.frozen')
    expect(await bob.does('message.send', wish)).toMatchObject({ message, duplicate: true })
    await bob.isRefused('message.edit', { ...at, text: 'changed' }, 'channel.frozen')
    await bob.isRefused('reaction.add', { ...at, emoji: '👍' }, 'channel.frozen')
    await bob.isRefused('reaction.remove', { ...at, emoji: '👍' }, 'channel.frozen')
    await bob.isRefused('event.send', { channelId, name: 'wave' }, 'channel.frozen')

    await alice.says(channelId, 'please calm down')
    await server.does('message.send', { ...send, author: bob.id })
    await bob.does('receipt.read', { channelId })
    await bob.does('channel.arrange', { channelId, pinned: true })
    await bob.does('message.delete', at)
    await charlie.isRefused('message.send', send, 'channel.not_found')

    await alice.does('channel.update', { channelId, state: 'open' })
    await bob.says(channelId, 'sorry')
    await bob.does('member.leave', { channelId })
    await charlie.seesNothingOf(channelId)
  },
)

story(
  'who types in a frozen channel is not told, besides those who may speak in it [STATE-2, STATE-3]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channel } = await opensGroup([bob, charlie])
    await alice.does('channel.update', { channelId: channel, state: 'frozen' })
    bob.line.say({ type: 'typing', channel, active: true })
    await bob.line.asks('channel.list', {})
    alice.line.say({ type: 'typing', channel, active: true })
    const told = await charlie.line.sees('typing', (frame) => frame.channel === channel)
    expect(told.users).toEqual([alice.id])
  },
)

bothDoors(
  'a disabled channel is in the list of its members and shut, and comes back as it was [STATE-1, STATE-4, STATE-5, STATE-6]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob])
    const root = await alice.says(channelId, 'before')
    await alice.says(channelId, 'a reply', { threadRootId: root.id })
    const seen = bob.copyOf(channelId).position
    const unread = await bob.does('unread.total', {})
    expect(unread.unread).toBe(1)
    await alice.isRefused('channel.update', { channelId, state: 'disabled' }, 'forbidden')
    const { channel } = await server.does('channel.update', { channelId, state: 'disabled' })
    expect(channel.state).toBe('disabled')
    await until('bob is told', () => bob.copyOf(channelId).shut)

    for (const person of [alice, bob]) {
      await person.isRefused('channel.get', { channelId }, 'channel.disabled')
      await person.isRefused('message.history', { channelId }, 'channel.disabled')
      await person.isRefused('channel.update', { channelId, state: 'open' }, 'channel.disabled')
      const { channels } = await person.does('channel.list', {})
      expect(channels).toMatchObject([
        {
          channel: { id: channelId, state: 'disabled', lastMessageAt: null },
          last: null,
          read: { unread: 0, firstUnread: null, mentions: 0 },
        },
      ])
      const cursor = { id: channelId, ...(seen ?? {}) }
      const gone = { channels: [{ status: 'gone', id: channelId, reason: 'disabled' }] }
      expect(await person.does('sync.pull', { channels: [cursor] })).toMatchObject(gone)
      expect(await person.does('interest.set', { channels: [cursor] })).toMatchObject(gone)
      expect((await person.does('thread.list', {})).threads).toEqual([])
    }
    expect(await bob.does('unread.total', {})).toMatchObject({ unread: 0, channels: 0 })
    await charlie.isRefused('channel.get', { channelId }, 'channel.not_found')

    await server.does('message.send', { channelId, clientId: clientId(), text: 'to nobody' })
    const { messages } = await server.does('message.history', { channelId })
    expect(messages.at(-1)?.text).toBe('to nobody')
    await bob.goesAway()
    await bob.comesBack()
    expect(bob.copyOf(channelId).shut).toBe(true)
    await alice.seesNothingOf('to nobody')
    await bob.seesNothingOf('to nobody')

    await server.does('channel.update', { channelId, state: 'open' })
    const back = await alice.line.asks('interest.set', { channels: [{ id: channelId, ...seen }] })
    expect(back).toMatchObject({
      data: { channels: [{ status: 'delta', from: seen?.seq, channel: { state: 'open' } }] },
    })
    await bob.goesAway()
    await bob.comesBack()
    await bob.sees(channelId, { text: 'to nobody' })
    await alice.watches(channelId)
    await alice.says(channelId, 'after')
    await bob.sees(channelId, { text: 'after' })
    expect(await bob.does('unread.total', {})).toMatchObject({ unread: 3, channels: 1 })
    await charlie.seesNothingOf(channelId)
  },
)

bothDoors(
  'a disabled channel that anyone could find and read is not there for strangers [STATE-4]',
  async ({ alice, bob, charlie, server, letters }) => {
    const members = [{ userId: alice.id, role: 'owner' as const }]
    for (const type of ['public', 'live']) {
      const wish = { clientId: clientId(), type, name: `${type} ${letters}`, members }
      const { channel } = await server.does('channel.create', wish)
      const channelId = channel.id
      await server.does('channel.update', { channelId, state: 'disabled' })
      await bob.isRefused('channel.get', { channelId }, 'channel.not_found')
      await bob.isRefused('message.history', { channelId }, 'channel.not_found')
      await bob.isRefused('member.join', { channelId }, 'channel.not_found')
      expect(await bob.does('channel.find', { name: type })).toMatchObject({ channels: [] })
      const { channels } = await bob.does('sync.pull', { channels: [{ id: channelId }] })
      expect(channels).toEqual([{ status: 'gone', id: channelId, reason: 'unknown' }])
      await alice.isRefused('channel.get', { channelId }, 'channel.disabled')
      await server.does('member.add', { channelId, members: [{ userId: charlie.id }] })
      await server.does('message.send', { channelId, clientId: clientId(), text: `in ${letters}` })
      await charlie.isRefused('message.history', { channelId }, 'channel.disabled')
    }
    await bob.seesNothingOf(letters)
    await charlie.seesNothingOf(`in ${letters}`)
  },
)

bothDoors(
  'a direct channel that is disabled is not opened by asking for it again [STATE-4]',
  async ({ alice, bob, server }) => {
    const ask = { clientId: clientId(), type: 'direct', members: [{ userId: bob.id }] }
    const { channel } = await alice.does('channel.create', ask)
    await server.does('channel.update', { channelId: channel.id, state: 'disabled' })
    await alice.isRefused('channel.create', ask, 'channel.disabled')
    await alice.isRefused('channel.create', { ...ask, clientId: clientId() }, 'channel.disabled')
  },
)

story(
  'nothing follows the event that disables a channel, however much is said at that moment [STATE-5]',
  async ({ alice, bob, server, opensGroup }) => {
    for (let round = 0; round < 10; round++) {
      const { id: channelId } = await opensGroup([bob])
      const list = await bob.connects({ channels: [{ id: channelId, interest: 'list' }] })
      const say = () =>
        server.does('message.send', { channelId, clientId: clientId(), text: 'at that moment' })
      const before = [say(), say(), say()]
      const disabling = server.does('channel.update', { channelId, state: 'disabled' })
      const [{ channel }] = await Promise.all([disabling, ...before, say(), say()])
      await say()
      for (const line of [alice.line, bob.line, list.line]) {
        await line.asks('channel.list', {})
        const seqs = line.frames.flatMap((frame) =>
          'channel' in frame && frame.channel === channelId && 'seq' in frame ? [frame.seq] : [],
        )
        expect(Math.max(0, ...seqs)).toBeLessThanOrEqual(channel.version)
      }
    }
  },
)
