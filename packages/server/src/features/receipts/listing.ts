import { listReceipts } from '@tertulia/protocol'
import { read } from '../../kernel/handlers.ts'
import { openChannel } from '../access/index.ts'
import { hasReceipts } from './giving.ts'
import { receiptsOf } from './receipts.store.ts'

/** No user has it: app servers see all. */
const NOBODY = '0'

export const list = read(listReceipts, async ({ input, actor, db, settings }) => {
  const { channelId } = input
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const { channel } = await openChannel(db, wish)
  if (!hasReceipts(channel, settings)) return { on: false, receipts: [] }
  const viewer = actor.kind === 'user' ? actor.uid : NOBODY
  const wanted = { channelId, viewer, limit: channel.member_count }
  return { on: true, receipts: await receiptsOf(db, wanted) }
})
