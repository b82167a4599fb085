import { channelTruncated, truncateChannel } from '@tertulia/protocol'
import { byOf, nameOf } from '../../kernel/actor.ts'
import { write } from '../../kernel/handlers.ts'
import type { Chore } from '../../kernel/sweeper.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type ChannelRow, lockChannel, publicChannel, saveChannel } from '../access/index.ts'
import { noteNewestGone } from '../messages/index.ts'
import { dropTruncatedPins } from '../pins/index.ts'
import { dropReactions, dropReactionsOf } from '../reactions/index.ts'
import { dropThreadsOf } from '../threads/index.ts'
import { dropMentionsOf } from '../unread/index.ts'
import { dropSomeMessages } from './deletion.ts'
import {
  countPurged,
  dropLooseReplies,
  emptyMessageFrames,
  holdsMessages,
  notePurged,
  unpurgedBelow,
} from './truncation.store.ts'

/** From this commit on nobody sees what lies below the floor. The rows follow in slices. */
export const truncate = write(truncateChannel, async ({ input, actor, tx, announce, settings }) => {
  const { channelId } = input
  const wish = { actor, channelId, action: 'channel.truncate', settings } as const
  const { channel, stream } = await lockChannel(tx, wish)
  const upTo = Math.min(input.upTo ?? stream.seq, stream.seq)
  if (!(await holdsMessages(tx, { channelId, above: channel.floor, upTo })))
    return { channel: publicChannel(channel) }
  const slot = stream.take()
  const truncated: ChannelRow = {
    ...channel,
    floor: upTo,
    version: slot.seq,
    updated_at: tx.now,
  }
  saveChannel(tx, truncated)
  if ((channel.last_message_seq ?? 0) <= upTo) noteNewestGone(tx, truncated)
  announce(
    slot,
    channelTruncated,
    { channel: publicChannel(truncated) },
    { by: byOf(actor), memberCount: channel.member_count, floor: upTo },
  )
  await dropTruncatedPins({ tx, announce, stream, channel: truncated, by: byOf(actor) })
  tx.audit({
    actor: nameOf(actor),
    action: 'channel.truncated',
    target: channelId,
    details: { upTo },
  })
  return { channel: publicChannel(truncated) }
})

/** What lies below the floor of a channel, in slices, so that one of any size is truncated without holding up others. */
export const purgeTruncatedChannels: Chore = async ({ engine, queue, limits }) => {
  const [channel] = await engine.read((db) => unpurgedBelow.all(db, { limit: 1 }))
  if (!channel) return false
  const part = { channelId: channel.id, upTo: channel.floor, limit: limits.sweepRows }
  await queue.submit({ lane: channel.id }, async (tx) => {
    if (await tx.tryLock(channel.id)) await purgeSome(tx, part)
  })
  return true
}

interface Part {
  readonly channelId: string
  readonly upTo: number
  readonly limit: number
}

async function purgeSome(tx: Tx, part: Part): Promise<void> {
  const { channelId, upTo } = part
  if (await dropThreadsOf(tx, part)) return
  const loose = await dropLooseReplies(tx, part)
  for (const seq of loose) dropReactions(tx, channelId, seq, tx.now)
  if (loose.length > 0) return
  if (await dropMentionsOf(tx, part)) return
  if (await dropReactionsOf(tx, part)) return
  const { dropped, toRead } = await dropSomeMessages(tx, part)
  if (toRead > 0) countPurged.put(tx, { channelId, count: toRead })
  if (dropped > 0) return
  emptyMessageFrames.put(tx, { channelId })
  notePurged.put(tx, { channelId, upTo })
}
