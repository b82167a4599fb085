import { describe, expect, test } from 'vitest'
import { lunch, race, text, together } from '../races.suite.ts'

describe('at the same moment', () => {
  test('Bob is removed and saves a draft: none is left of it', () =>
    race({}, async (nodes, nth) => {
      const { channelId, alice, bob } = await lunch(nodes)
      const [removed, saved] = await together(
        nth,
        () => alice[0].call('member.remove', { channelId, userId: 'bob' }),
        () => bob[1].call('draft.save', { channelId, text: 'not yet' }),
      )
      expect(removed.code).toBeNull()
      expect([null, 'channel.not_found']).toContain(saved.code)
      expect((await bob[0].call('draft.list')).drafts).toEqual([])
    }))

  test('a draft is sent at one device and written on at another: what was written since stays', () =>
    race({}, async (nodes, nth) => {
      const { channelId, bob } = await lunch(nodes)
      const { draft } = await bob[0].call('draft.save', { channelId, text: 'one' })
      const [sent, saved] = await together(
        nth,
        () => bob[0].call('message.send', { channelId, ...text(), draftVersion: draft.version }),
        () => bob[1].call('draft.save', { channelId, text: 'one and two' }),
      )
      expect([sent.code, saved.code]).toEqual([null, null])
      const { drafts } = await bob[0].call('draft.list', { channelId })
      expect(drafts).toEqual([saved.answer.draft])
    }))
})
