import { deliverReceipts, readReceipt } from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import { type Settings, write } from '../../kernel/handlers.ts'
import { can } from '../../kernel/permissions/can.ts'
import { readStream } from '../../kernel/streams.ts'
import type { Tx } from '../../kernel/transaction.ts'
import { type ChannelRow, channelById, isDisabled, memberOf } from '../access/index.ts'
import { blockedBy } from '../blocks/index.ts'
import { isInvisible } from '../presence/index.ts'
import { privacyOf } from '../privacy/index.ts'
import { moveReading } from '../unread/index.ts'
import { receiptOf, type Seqs, saveReceipt } from './receipts.store.ts'

/** Whether the members of a channel see how far its messages came to the others. */
export const hasReceipts = (channel: ChannelRow, { channelTypes }: Settings): boolean =>
  channel.member_count <= (channelTypes[channel.type]?.receiptsUpTo ?? 0)

export const markRead = write(
  readReceipt,
  async (context) => {
    const { input, actor, tx, settings } = context
    const { channelId, seq = Number.MAX_SAFE_INTEGER } = input
    const head = await headOf(tx, channelId, settings)
    const { access, read } = await moveReading(context, channelId, async (_, { read_seq }) => ({
      read_seq: Math.max(read_seq, Math.min(seq, head)),
      unread_from: null,
    }))
    await give(
      tx,
      { actor, channel: access.channel, settings },
      { delivered: read.seq, read: read.seq },
    )
    return { read }
  },
  { lane: 'actor' },
)

export const deliver = write(
  deliverReceipts,
  async ({ input, actor, tx, settings }) => {
    for (const { id, seq } of input.channels) {
      const channel = await visibleChannel(tx, { actor, settings }, id)
      if (!channel) continue
      const delivered = Math.min(seq, await headOf(tx, id, settings))
      await give(tx, { actor, channel, settings }, { delivered, read: 0 })
    }
    return {}
  },
  { lane: 'actor' },
)

interface Giver {
  readonly actor: UserActor
  readonly channel: ChannelRow
  readonly settings: Settings
}

/** Stores what is further than before, and tells whoever watches. */
async function give(tx: Tx, { actor, channel, settings }: Giver, seqs: Seqs): Promise<void> {
  if (!hasReceipts(channel, settings)) return
  const before = await receiptOf(tx, channel.id, actor.uid)
  const after = {
    delivered: Math.max(before.delivered, seqs.delivered),
    read: Math.max(before.read, seqs.read),
  }
  if (after.delivered === before.delivered && after.read === before.read) return
  if (await hidesReceipts(tx, actor.uid)) return
  const blocked = await blockedBy(tx, actor.uid, settings.limits.blocksPerUser)
  saveReceipt(tx, { channelId: channel.id, uid: actor.uid, ...after })
  tx.tell({
    channelId: channel.id,
    type: 'receipts',
    key: actor.uid,
    value: { userId: actor.id, ...after },
    except: [...blocked.keys()],
  })
}

const hidesReceipts = async (tx: Tx, uid: string): Promise<boolean> =>
  !(await privacyOf(tx, uid)).receipts || isInvisible(tx, uid)

/** A channel that is gone for the user, or is only read by them, gets no receipts and is no mistake. */
async function visibleChannel(
  tx: Tx,
  { actor, settings }: Pick<Giver, 'actor' | 'settings'>,
  id: string,
): Promise<ChannelRow | null> {
  const channel = await channelById(tx, id)
  const member = channel && (await memberOf(tx, id, actor.uid))
  if (!channel || channel.deleted_at !== null || isDisabled(channel)) return null
  if (member?.state !== 'joined') return null
  const subject = { type: channel.type, role: member.role }
  return can(settings.channelTypes, actor, 'channel.read', subject) ? channel : null
}

const headOf = async (tx: Tx, channelId: string, { epoch }: Settings): Promise<number> =>
  (await readStream(tx, channelId, epoch))?.seq ?? 0
