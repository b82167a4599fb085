import type { Chore } from '../../kernel/sweeper.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { droppedMessages, removeSome } from './forgetting.store.ts'

/** The reactions to deleted messages, in slices: one message may have as many as its channel has members. */
export const forgetReactions: Chore = async ({ engine, queue, limits }) => {
  const [message] = await engine.read((db) => droppedMessages(db, 1))
  if (!message) return false
  const { channel_id: channelId, message_seq: seq } = message
  await queue.submit({ lane: channelId }, async (tx) => {
    if (!(await tx.tryLock(channelId))) return
    await removeSome(tx, { channelId, low: seq, high: seq }, limits.sweepRows)
  })
  return true
}

/** A slice of the reactions in a channel to messages up to a seq. Resolves whether there may be more. */
export const dropReactionsOf = (
  tx: Tx,
  { channelId, upTo, limit }: { channelId: string; upTo: number; limit: number },
): Promise<boolean> => removeSome(tx, { channelId, low: 0, high: upTo }, limit)
