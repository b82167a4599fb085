import { messageUnpinned } from '@tertulia/protocol'
import type { Announce, LockedStream, Tx } from '../../kernel/transaction.ts'
import type { Changes } from '../../store/engine.ts'
import type { ChannelRow } from '../access/index.ts'
import { pinOn, pinsUpTo, removePin } from './pins.store.ts'

/** A message became a tombstone: its pin goes with it. The event of the deletion tells both. */
export async function dropPinOn(
  tx: Changes,
  channel: ChannelRow,
  { seq, version }: { readonly seq: number; readonly version: number },
): Promise<void> {
  // Where nothing ever was pinned, a deletion costs nothing more.
  if (channel.pins_version === 0) return
  const pin = await pinOn(tx, channel.id, seq)
  if (pin) removePin(tx, pin, version)
}

interface Truncation {
  readonly tx: Tx
  readonly announce: Announce
  readonly stream: LockedStream
  readonly channel: ChannelRow
  readonly by: string | null
}

/**
 * The channel was truncated to its floor. That ends the pins below it. Those on replies that went with their root stand
 * above it, so they are told one by one.
 */
export async function dropTruncatedPins({ tx, announce, stream, channel, by }: Truncation) {
  if (channel.pins_version === 0) return
  const { id: channelId, floor: upTo, member_count: memberCount } = channel
  for (const pin of await pinsUpTo(tx, { channelId, upTo })) {
    const { message_seq: messageSeq, messageId, thread_root_seq: rootSeq } = pin
    if (messageSeq > upTo) {
      const about = { by, memberCount, subjectSeq: rootSeq ?? messageSeq }
      announce(stream.take(), messageUnpinned, { messageId, messageSeq }, about)
    }
    removePin(tx, pin, stream.seq)
  }
}
