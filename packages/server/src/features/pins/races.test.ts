import { describe, expect, test } from 'vitest'
import { lunch, race, text, together } from '../races.suite.ts'

describe('at the same moment', () => {
  test('two people pin at the limit: one of the messages is pinned', () =>
    race({ pinsPerChannel: 1 }, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes, 'moderator')
      const say = async () =>
        (await alice[0].call('message.send', { channelId, ...text() })).message
      const [one, two] = [await say(), await say()]
      const outcomes = await together(
        nth,
        () => alice[0].call('message.pin', { channelId, messageId: one.id }),
        () => bob[1].call('message.pin', { channelId, messageId: two.id }),
      )
      expect(outcomes.map(({ code }) => code).sort()).toEqual(['message.pin_limit', null])
      const { pinned } = await alice[0].call('message.listPinned', { channelId })
      expect(pinned).toHaveLength(1)
    }))

  test('a message is pinned and deleted: no pin is left', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice } = await lunch(nodes)
      const { message } = await alice[0].call('message.send', { channelId, ...text() })
      const at = { channelId, messageId: message.id }
      const [pinned, deleted] = await together(
        nth,
        () => alice[0].call('message.pin', at),
        () => alice[1].call('message.delete', at),
      )
      expect(deleted.code).toBeNull()
      expect([null, 'message.deleted']).toContain(pinned.code)
      expect((await alice[0].call('message.listPinned', { channelId })).pinned).toEqual([])
    }))
})
