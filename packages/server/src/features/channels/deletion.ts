import { channelLeft } from '@tertulia/protocol'
import type { Chore } from '../../kernel/sweeper.ts'
import type { Transaction, Tx } from '../../kernel/transaction.ts'
import { forgetRows } from '../../store/lockedRows.ts'
import { dropDraftsOf } from '../drafts/index.ts'
import { saveMembership } from '../members/index.ts'
import { dropPinsOf } from '../pins/index.ts'
import { dropReactionsOf } from '../reactions/index.ts'
import { dropReceiptsOf } from '../receipts/index.ts'
import { dropThreadsOf } from '../threads/index.ts'
import { dropMentionsOf } from '../unread/index.ts'
import {
  dropMembers,
  dropMessages,
  emptyFrames,
  presentMembers,
  purge,
  someMessages,
  unpurged,
} from './deletion.store.ts'

/**
 * What a deleted channel leaves behind, in slices, so that a channel of any size is deleted without holding up the
 * others: every member hears `channel.left`, then the messages go, then the rest.
 */
export const purgeDeletedChannels: Chore = async ({ engine, queue, limits }) => {
  const [channel] = await engine.read((db) => unpurged.all(db, { limit: 1 }))
  if (!channel) return false
  const all = { channelId: channel.id, upTo: Number.MAX_SAFE_INTEGER, limit: limits.sweepRows }
  await queue.submit({}, async (tx) => {
    if (await tellMembers(tx, channel.id, limits.batchItems)) return
    if (await dropThreadsOf(tx, all)) return
    if (await dropDraftsOf(tx, channel.id, limits.sweepRows)) return
    if (await dropMentionsOf(tx, all)) return
    if (await dropReceiptsOf(tx, channel.id, limits.sweepRows)) return
    if (await dropReactionsOf(tx, all)) return
    if ((await dropSomeMessages(tx, all)).dropped > 0) return
    forgetRows(tx, channel.id)
    dropPinsOf(tx, channel.id)
    dropMembers.put(tx, { channelId: channel.id })
    emptyFrames.put(tx, { channelId: channel.id })
    purge.put(tx, { channelId: channel.id, at: tx.now })
  })
  return true
}

async function tellMembers(tx: Transaction, channelId: string, limit: number): Promise<boolean> {
  const members = await presentMembers.all(tx, { channelId, limit })
  for (const { uid } of members) {
    const slot = (await tx.lock(uid)).take()
    saveMembership(tx, {
      uid,
      channel_id: channelId,
      state: 'deleted',
      version: slot.seq,
      visible_from: 0,
    })
    tx.announce(slot, channelLeft, { channelId, reason: 'deleted' }, { by: null })
  }
  return members.length > 0
}

/** A slice of the messages of a channel up to a seq. Resolves with how many went, and how many of them were to read. */
export async function dropSomeMessages(
  tx: Tx,
  { channelId, upTo, limit }: { channelId: string; upTo: number; limit: number },
): Promise<{ readonly dropped: number; readonly toRead: number }> {
  const messages = await someMessages.all(tx, { channelId, upTo, limit })
  const last = messages.at(-1)
  if (last) dropMessages.put(tx, { channelId, upTo: last.seq })
  return { dropped: messages.length, toRead: messages.filter(({ to_read }) => to_read).length }
}
