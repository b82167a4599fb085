import { listReceipts } from '@tertulia/protocol'
import { read } from '../../kernel/handlers.ts'
import { openChannel } from '../access/index.ts'
import { hasReceipts } from './giving.ts'
import { receiptsOf } from './receipts.store.ts'

export const list = read(listReceipts, async ({ input, actor, db, settings }) => {
  const { channelId } = input
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const { channel } = await openChannel(db, wish)
  if (!hasReceipts(channel, settings)) return { on: false, receipts: [] }
  return { on: true, receipts: await receiptsOf(db, channelId, channel.member_count) }
})
