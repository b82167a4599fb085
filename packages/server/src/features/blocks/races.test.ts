import { describe, expect, test } from 'vitest'
import { clientId } from '../../fixtures/core.ts'
import { lunch, race, text, together, type User } from '../races.suite.ts'

describe('at the same moment', () => {
  test('Bob is blocked and speaks to Alice: he spoke before, or not at all', () =>
    race({}, async (nodes, nth) => {
      const { alice, bob } = await lunch(nodes)
      const direct = { type: 'direct', clientId: clientId(), members: [{ userId: 'bob' }] }
      const { channel } = await alice[0].call('channel.create', direct)
      const channelId = channel.id
      let headAtAnswer = 0
      const [blocked, said] = await together(
        nth,
        async () => {
          const answer = await alice[0].call('user.block', { userId: 'bob' })
          headAtAnswer = (await alice[0].call('channel.get', { channelId })).seq
          return answer
        },
        () => bob[1].call('message.send', { channelId, ...text() }),
      )
      expect(blocked.code).toBeNull()
      expect([null, 'user.unreachable']).toContain(said.code)
      const { seq: head } = await alice[0].call('channel.get', { channelId })
      expect(head, 'nothing came after the answer').toBe(headAtAnswer)
      await alice[0].call('user.unblock', { userId: 'bob' })
    }))

  test('Bob is blocked and brings Alice along: she was there before, or never is', () =>
    race({}, async (nodes, nth) => {
      const { alice, bob } = await lunch(nodes)
      const { channel } = await bob[0].call('channel.create', { clientId: clientId() })
      const channelId = channel.id
      const isIn = (by: User) =>
        by.call('channel.get', { channelId }).then(
          () => true,
          () => false,
        )
      let wasIn = false
      const [blocked, brought] = await together(
        nth,
        async () => {
          const answer = await alice[0].call('user.block', { userId: 'bob' })
          wasIn = await isIn(alice[0])
          return answer
        },
        () => bob[1].call('member.add', { channelId, members: [{ userId: 'alice' }] }),
      )
      expect(blocked.code).toBeNull()
      expect([null, 'user.unreachable']).toContain(brought.code)
      expect(await isIn(alice[1]), 'nobody came after the answer').toBe(wasIn)
      await alice[0].call('user.unblock', { userId: 'bob' })
    }))

  test('a user blocks somebody both ways and one way, at two nodes: one of them holds', () =>
    race({}, async (nodes, nth) => {
      const { alice } = await lunch(nodes)
      const outcomes = await together(
        nth,
        () => alice[0].call('user.block', { userId: 'bob', mode: 'twoWay' }),
        () => alice[1].call('user.block', { userId: 'bob', mode: 'oneWay' }),
      )
      expect(outcomes.map(({ code }) => code)).toEqual([null, null])
      const times = new Set(outcomes.map(({ answer }) => answer.block.blockedAt))
      expect(times.size, 'it is one block').toBe(1)
      expect((await alice[0].call('block.list')).blocks).toHaveLength(1)
      await alice[1].call('user.unblock', { userId: 'bob' })
    }))
})
