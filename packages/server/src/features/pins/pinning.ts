import {
  ChatError,
  messagePinned,
  messageUnpinned,
  pinMessage,
  unpinMessage,
} from '@tertulia/protocol'
import { byOf, uidOf } from '../../kernel/actor.ts'
import { type WriteContext, write } from '../../kernel/handlers.ts'
import { lockChannel } from '../access/index.ts'
import { refuseUnreachable } from '../blocks/index.ts'
import { messageById, noteSystem, sees, subjectOf } from '../messages/index.ts'
import { hidesFromSomebody, pinCount, pinOn, publicPin, removePin, savePin } from './pins.store.ts'

type Context = WriteContext<typeof pinMessage> | WriteContext<typeof unpinMessage>

async function enter({ input, actor, tx, settings }: Context) {
  const { channelId, messageId } = input
  const access = await lockChannel(tx, { actor, channelId, action: 'message.pin', settings })
  const row = await messageById(tx, channelId, messageId)
  if (!row || !sees(access, row)) throw new ChatError('message.not_found')
  const { stream, channel } = access
  const about = { by: byOf(actor), subjectSeq: subjectOf(row), memberCount: channel.member_count }
  return { row, stream, channel, about }
}

export const pin = write(pinMessage, async (context) => {
  const { input, actor, tx, announce, settings } = context
  const { channelId } = input
  const { row, stream, channel, about } = await enter(context)
  if (row.deleted_at !== null) throw new ChatError('message.deleted')
  if (row.kind === 'system') throw new ChatError('message.system')
  const before = await pinOn(tx, channelId, row.seq)
  if (before) return { pin: publicPin(before) }
  await refuseUnreachable(tx, channel, uidOf(actor))
  const limit = settings.limits.pinsPerChannel
  if ((await pinCount(tx, channelId)) >= limit)
    throw new ChatError('message.pin_limit', { details: { limit } })

  const slot = stream.take()
  const pinned = {
    channel_id: channelId,
    message_seq: row.seq,
    messageId: row.id,
    pinned_at: tx.now,
    pinned_by: byOf(actor),
    version: slot.seq,
  }
  savePin(tx, pinned)
  announce(slot, messagePinned, { pin: publicPin(pinned) }, about)
  // A system message is seen by all who are there, so it must not tell of a message that is not (PIN-6).
  if (!(await hidesFromSomebody(tx, { channelId, seq: about.subjectSeq })))
    noteSystem(
      { tx, announce, settings, stream, channel },
      { event: 'pinned', messageId: row.id, by: about.by },
    )
  return { pin: publicPin(pinned) }
})

export const unpin = write(unpinMessage, async (context) => {
  const { input, tx, announce } = context
  const { row, stream, about } = await enter(context)
  const before = await pinOn(tx, input.channelId, row.seq)
  if (!before) return {}
  const slot = stream.take()
  removePin(tx, before, slot.seq)
  announce(slot, messageUnpinned, { messageId: row.id, messageSeq: row.seq }, about)
  return {}
})
