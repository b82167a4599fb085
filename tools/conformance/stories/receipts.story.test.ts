import { expect } from 'vitest'
import { bothDoors, story } from '../src/cast.ts'

bothDoors(
  'members see how far messages came to each other, and strangers do not [RCPT-1, RCPT-2, RCPT-3]',
  async ({ alice, bob, charlie, server, opensGroup }) => {
    const dana = charlie
    const { id: channelId } = await opensGroup([bob])
    const first = await alice.says(channelId, 'one')
    const second = await alice.says(channelId, 'two')
    expect(await alice.does('receipt.list', { channelId })).toEqual({ on: true, receipts: [] })

    await bob.does('receipt.deliver', { channels: [{ id: channelId, seq: second.seq }] })
    await bob.does('receipt.deliver', { channels: [{ id: channelId, seq: first.seq }] })
    const delivered = { userId: bob.id, delivered: second.seq, read: 0 }
    expect((await alice.does('receipt.list', { channelId })).receipts).toEqual([delivered])
    await bob.does('receipt.read', { channelId, seq: first.seq })
    expect((await server.does('receipt.list', { channelId })).receipts).toEqual([
      { ...delivered, read: first.seq },
    ])
    await bob.does('receipt.deliver', { channels: [{ id: channelId, seq: 10_000 }] })
    const { receipts } = await bob.does('receipt.list', { channelId })
    expect(receipts[0]?.delivered, 'nothing is delivered that is not there').toBe(second.seq)

    await dana.isRefused('receipt.list', { channelId }, 'channel.not_found')
    await dana.does('receipt.deliver', { channels: [{ id: channelId, seq: 1 }] })
    expect((await alice.does('receipt.list', { channelId })).receipts).toHaveLength(1)
    await dana.seesNothingOf(channelId)
  },
)

story(
  'who looks on is told of receipts, the last one of each [RCPT-4, RCPT-5]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const { seq } = await alice.says(channelId, 'hi')
    const position = alice.copyOf(channelId).position
    await bob.does('receipt.deliver', { channels: [{ id: channelId, seq }] })
    const told = await alice.line.sees('receipts', ({ channel }) => channel === channelId)
    expect(told.receipts).toEqual([{ userId: bob.id, delivered: seq, read: 0 }])
    await charlie.does('receipt.deliver', { channels: [{ id: channelId, seq: seq - 1 }] })
    await charlie.does('receipt.read', { channelId })
    await bob.does('receipt.read', { channelId })
    const next = await alice.line.sees('receipts', ({ receipts }) =>
      receipts.some(({ userId, read }) => userId === charlie.id && read === seq),
    )
    expect(next.receipts.filter(({ userId }) => userId === charlie.id)).toHaveLength(1)
    expect(alice.copyOf(channelId).position, 'receipts have no place in the stream').toEqual(
      position,
    )
    await bob.does('member.leave', { channelId })
    const { receipts } = await alice.does('receipt.list', { channelId })
    expect(receipts.map(({ userId }) => userId)).toEqual([charlie.id])
  },
)

bothDoors(
  'who hides how far messages came to them, or is invisible, still reads, and nobody hears of it [PRIV-1, PRIV-2, PRES-6]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const receipts = async () => (await alice.does('receipt.list', { channelId })).receipts
    const reads = async (text: string) => {
      const { seq } = await alice.says(channelId, text)
      await bob.does('receipt.deliver', { channels: [{ id: channelId, seq }] })
      expect((await bob.does('receipt.read', { channelId })).read.unread).toBe(0)
      return { userId: bob.id, delivered: seq, read: seq }
    }
    const seen = await reads('seen')
    expect(await receipts()).toEqual([seen])
    await bob.does('privacy.update', { receipts: false })
    expect(await receipts(), 'what was stored before is hidden too').toEqual([])
    await reads('hidden')
    expect(await receipts()).toEqual([])
    await bob.does('privacy.update', { receipts: true })
    expect(await receipts(), 'what was hidden was not stored').toEqual([seen])
    await bob.does('presence.set', { choice: 'invisible' })
    await reads('unseen')
    expect(await receipts()).toEqual([seen])
    await bob.does('presence.set', { choice: 'online' })
    const last = await reads('seen again')
    expect(await receipts()).toEqual([last])
  },
)

story(
  'no frame tells of receipts that are hidden [PRIV-2, RCPT-4]',
  async ({ alice, bob, charlie, opensGroup }) => {
    const { id: channelId } = await opensGroup([bob, charlie])
    const { seq } = await alice.says(channelId, 'hi')
    await bob.does('privacy.update', { receipts: false })
    await bob.does('receipt.deliver', { channels: [{ id: channelId, seq }] })
    await bob.does('receipt.read', { channelId })
    await charlie.does('receipt.read', { channelId })
    const told = await alice.line.sees('receipts', ({ channel }) => channel === channelId)
    expect(told.receipts.map(({ userId }) => userId)).toEqual([charlie.id])
  },
)

story(
  'a live channel has no receipts, and whoever only reads it has nothing to read [RCPT-1]',
  async ({ alice, bob, server, letters }) => {
    const { channel } = await server.does('channel.getOrCreate', {
      key: `live-${letters}`,
      type: 'live',
      members: [{ userId: alice.id, role: 'owner' }],
    })
    const at = { channelId: channel.id }
    await alice.watches(channel.id)
    await bob.watches(channel.id)
    const { seq } = await alice.says(channel.id, 'on air')
    await alice.does('receipt.read', at)
    await alice.does('receipt.deliver', { channels: [{ id: channel.id, seq }] })
    expect(await alice.does('receipt.list', at)).toEqual({ on: false, receipts: [] })
    await bob.isRefused('receipt.read', at, 'forbidden')
    await bob.isRefused('unread.explain', at, 'forbidden')
  },
)
