import { describe, expect, test } from 'vitest'
import { type Answer, clientId } from '../fixtures/core.ts'
import { lunch, outcomeOf, race, text, together, type User } from './races.suite.ts'

describe('at the same moment', () => {
  test('Bob is removed and speaks: he spoke before, or not at all', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes)
      const [removed, said] = await together(
        nth,
        () => alice[0].call('member.remove', { channelId, userId: 'bob' }),
        () => bob[1].call('message.send', { channelId, ...text() }),
      )
      expect(removed.code).toBeNull()
      const { seq: head } = await alice[0].call('channel.get', { channelId })
      // Behind the removal stands only the system message that tells of it.
      if (said.code === null) expect(said.answer.message.seq).toBe(head - 2)
      else expect(said.code).toBe('channel.not_found')
    }))

  test('a message is edited and deleted: its text is gone', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice } = await lunch(nodes)
      const { message } = await alice[0].call('message.send', { channelId, ...text() })
      const at = { channelId, messageId: message.id }
      const [edited, deleted] = await together(
        nth,
        () => alice[0].call('message.edit', { ...at, text: 'changed' }),
        () => alice[1].call('message.delete', at),
      )
      expect(deleted.code).toBeNull()
      expect([null, 'message.deleted']).toContain(edited.code)
      const found = await alice[0].call('message.get', at)
      expect(found.message).toMatchObject({ text: null, version: deleted.answer.message.version })
    }))

  test('a channel is deleted and spoken in: nothing comes after its end', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes)
      const [deleted, said] = await together(
        nth,
        () => alice[0].call('channel.delete', { channelId }),
        () => bob[1].call('message.send', { channelId, ...text() }),
      )
      expect(deleted.code).toBeNull()
      expect([null, 'channel.not_found']).toContain(said.code)
    }))

  test('two owners make each other a member: one of them stays', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes, 'owner')
      const demote = (by: User, userId: string) => () =>
        by.call('member.update', { channelId, userId, role: 'member' })
      const outcomes = await together(nth, demote(alice[0], 'bob'), demote(bob[1], 'alice'))
      expect(outcomes.filter(({ code }) => code === null)).toHaveLength(1)
      expect(outcomes.map(({ code }) => code)).toContain('forbidden')
      const { members } = await nodes.one.server('member.list', { channelId, role: 'owner' })
      expect(members).toHaveLength(1)
    }))

  test('the same person joins twice: it is one joining', () =>
    race({}, async (nodes, nth) => {
      const { channel } = await nodes.one.server('channel.getOrCreate', {
        key: `open-${nth}`,
        type: 'public',
      })
      const channelId = channel.id
      const bob = await nodes.person('bob')
      const outcomes = await together(
        nth,
        () => bob[0].call('member.join', { channelId }),
        () => bob[1].call('member.join', { channelId }),
      )
      const versions = outcomes.map(({ answer }) => answer.me.version)
      expect(versions[0]).toBe(versions[1])
      const found = await bob[0].call('channel.get', { channelId })
      expect(found).toMatchObject({ channel: { memberCount: 1 }, seq: versions[0] })
    }))

  test('two people want the last place: one gets it', () =>
    race({ channelMembers: 1 }, async (nodes, nth) => {
      const { channel } = await nodes.one.server('channel.getOrCreate', {
        key: `small-${nth}`,
        type: 'public',
      })
      const [bob, charlie] = [await nodes.person('bob'), await nodes.person('charlie')]
      const outcomes = await together(
        nth,
        () => bob[0].call('member.join', { channelId: channel.id }),
        () => charlie[1].call('member.join', { channelId: channel.id }),
      )
      expect(outcomes.map(({ code }) => code).sort()).toEqual(['channel.member_limit', null])
    }))

  test('a send is repeated at another node: it is one message', () =>
    race({}, async (nodes, nth) => {
      const { channelId, bob } = await lunch(nodes)
      const wish = { channelId, ...text() }
      const outcomes = await together(
        nth,
        () => bob[0].call('message.send', wish),
        () => bob[1].call('message.send', wish),
      )
      expect(new Set(outcomes.map(({ answer }) => answer.message.id)).size).toBe(1)
      expect(outcomes.map(({ answer }) => answer.duplicate).sort()).toEqual([false, true])
    }))

  for (const state of ['frozen', 'disabled'])
    test(`a channel is ${state} and Bob speaks: he spoke before, or not at all`, () =>
      race({}, async (nodes, nth) => {
        const { channelId, bob } = await lunch(nodes)
        const [shut, said] = await together(
          nth,
          () => nodes.one.server('channel.update', { channelId, state }),
          () => bob[1].call('message.send', { channelId, ...text() }),
        )
        expect(shut.code).toBeNull()
        const { seq: head } = await nodes.one.server('channel.get', { channelId })
        if (said.code === null) expect(said.answer.message.seq).toBe(head - 1)
        else expect(said.code).toBe(`channel.${state}`)
        expect(shut.answer.channel.version).toBe(head)
      }))

  test('20 messages go into a slow channel from two devices: as many come through as the burst has', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes)
      const burst = 1 + (nth % 5)
      await alice[0].call('channel.update', { channelId, slowMode: { seconds: 60, burst } })
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, (_, at) =>
          outcomeOf(bob[at % 2 === nth % 2 ? 0 : 1].call('message.send', { channelId, ...text() })),
        ),
      )
      const codes = outcomes.map(({ code }) => code)
      expect(codes.filter((code) => code === null)).toHaveLength(burst)
      expect(new Set(codes)).toEqual(new Set([null, 'channel.slow_mode']))
    }))

  test('what comes due is cancelled, changed or sent by two nodes: one of them wins, and says so', () =>
    race({}, async (nodes, nth) => {
      const { channelId, bob } = await lunch(nodes)
      const { one, other } = nodes
      const place = { channelId, clientId: clientId() }
      const sendAt = one.clock.ms + 1000
      await bob[0].call('scheduled.create', { ...place, sendAt, text: 'before' })
      for (const { clock } of [one, other]) clock.ms = sendAt
      const cancels = nth % 4 < 2
      const sweeps = () => Promise.all([one.sweeper.sweep(), other.sweeper.sweep()])
      const [changed] = await together(
        nth,
        () =>
          cancels
            ? bob[1].call('scheduled.cancel', place)
            : bob[1].call('scheduled.update', { ...place, text: 'after' }),
        sweeps,
      )
      await sweeps()
      const { messages } = await bob[0].call('message.history', { channelId })
      expect([null, 'scheduled.sent']).toContain(changed.code)
      const said = changed.code !== null ? ['before'] : cancels ? [] : ['after']
      expect(messages.map((message: Answer) => message.text)).toEqual(said)
      expect((await bob[0].call('scheduled.list')).scheduled).toEqual([])
    }))

  test('the author is removed when it comes due: it was sent before, or not at all', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes)
      const sendAt = nodes.one.clock.ms + 1000
      await bob[0].call('scheduled.create', { channelId, sendAt, ...text() })
      for (const { clock } of [nodes.one, nodes.other]) clock.ms = sendAt
      const [removed] = await together(
        nth,
        () => alice[0].call('member.remove', { channelId, userId: 'bob' }),
        () => nodes.other.sweeper.sweep(),
      )
      expect(removed.code).toBeNull()
      const { messages } = await alice[0].call('message.history', { channelId })
      const said = messages.filter(({ author }: Answer) => author === 'bob')
      const gone = messages.find(({ kind }: Answer) => kind === 'system')
      const { scheduled } = await bob[0].call('scheduled.list')
      if (said.length === 1) expect(said[0].seq).toBeLessThan(gone.seq)
      expect(scheduled).toHaveLength(1 - said.length)
      for (const { clientId: key } of scheduled)
        await bob[0].call('scheduled.cancel', { channelId, clientId: key })
    }))

  test('both sides open their direct channel: it is one', () =>
    race({}, async (nodes, nth) => {
      const alice = await nodes.person(`alice-${nth}`)
      const bob = await nodes.person(`bob-${nth}`)
      const open = (by: User, userId: string) => () =>
        by.call('channel.create', { type: 'direct', clientId: clientId(), members: [{ userId }] })
      const outcomes = await together(nth, open(alice[0], bob[0].id), open(bob[1], alice[0].id))
      expect(new Set(outcomes.map(({ answer }) => answer.channel.id)).size).toBe(1)
      expect(outcomes.map(({ answer }) => answer.created).sort()).toEqual([false, true])
    }))

  test('a channel is truncated while people speak, edit, react and read: nothing of before is left', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes)
      const { message } = await alice[0].call('message.send', { channelId, ...text() })
      const at = { channelId, messageId: message.id }
      const changes = [
        () => bob[1].call('message.send', { channelId, ...text() }),
        () => alice[1].call('message.edit', { ...at, text: 'changed' }),
        () => bob[1].call('reaction.add', { ...at, emoji: '👍' }),
        () => bob[1].call('message.send', { channelId, ...text(), threadRootId: message.id }),
        () => bob[1].call('message.send', { channelId, ...text(), quotedId: message.id }),
        () => bob[1].call('unread.mark', at),
        () => bob[1].call('message.history', { channelId }),
      ]
      const change = changes[nth % changes.length] ?? changes[0]
      const [truncated, changed] = await together(
        Math.floor(nth / changes.length),
        () => alice[0].call('channel.truncate', { channelId }),
        () => change?.() ?? Promise.resolve(null),
      )
      expect(truncated.code).toBeNull()
      expect([null, 'message.not_found']).toContain(changed.code)
      const { floor } = truncated.answer.channel
      for (const person of [alice[1], bob[0]]) {
        const { messages } = await person.call('message.history', { channelId })
        for (const { seq } of messages) expect(seq).toBeGreaterThan(floor)
        const { channels } = await person.call('sync.pull', { channels: [{ id: channelId }] })
        expect(channels[0].messages).toEqual(messages)
        expect((await outcomeOf(person.call('message.get', at))).code).toBe('message.not_found')
      }
      if (nth % 3 === 0) await nodes.one.sweeper.sweep()
    }))
})
