import {
  ChatError,
  deleteMessage,
  editMessage,
  type InputOf,
  messageDeleted,
  messageEdited,
} from '@tertulia/protocol'
import { type Actor, byOf, nameOf, uidOf } from '../../kernel/actor.ts'
import { write } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type Access, allows, lockChannel } from '../access/index.ts'
import { refuseUnreachable } from '../blocks/index.ts'
import { dropPinOn } from '../pins/index.ts'
import { dropReactions, reactionsContentKey } from '../reactions/index.ts'
import { noteMentions, removeMentions } from '../unread/index.ts'
import { messageContentKey } from './contentKey.ts'
import { hereFor } from './here.ts'
import { checkMentions } from './mentions.ts'
import { saveMessage } from './messages.store.ts'
import { messageById } from './pages.store.ts'
import { noteGoneFromThread } from './placing.ts'
import { previewOf } from './preview.ts'
import {
  type MessageRow,
  mentionsOf,
  publicMessage,
  sees,
  subjectOf,
  type UnhashedRow,
} from './row.ts'

export const edit = write(editMessage, async ({ input, actor, tx, announce, settings }) => {
  const { channelId, messageId } = input
  const access = await lockChannel(tx, { actor, channelId, action: 'message.changeOwn', settings })
  const row = await visibleMessage(tx, access, messageId)
  if (row.kind === 'system') throw new ChatError('message.system')
  if (!isOwn(actor, row)) throw new ChatError('forbidden')
  if (row.deleted_at !== null) throw new ChatError('message.deleted')
  if (input.ifVersion !== undefined && input.ifVersion !== row.version)
    throw new ChatError('message.version_conflict', { details: { message: publicMessage(row) } })

  const next = changed(row, input)
  await checkMentions(tx, {
    mentions: mentionsOf(next.mentions),
    text: next.text ?? '',
    channelId,
    mayMentionChannel: allows(access, { actor, settings }, 'message.mentionChannel'),
  })
  if (next.text === row.text && next.mentions === row.mentions && next.custom === row.custom)
    return { message: publicMessage(row), epoch: access.stream.epoch }

  await refuseUnreachable(tx, access.channel, uidOf(actor))
  const mentions = mentionsOf(next.mentions)
  const isNoted = next.mentions !== row.mentions && row.in_channel && !row.silent
  const here = isNoted ? hereFor(mentions, { channelId, settings }) : []
  const slot = access.stream.take()
  const saved: UnhashedRow = { ...next, version: slot.seq, edited_at: tx.now }
  saveMessage(tx, saved)
  if (isNoted) {
    removeMentions(tx, channelId, row.seq)
    const { seq, author_uid: authorUid } = row
    await noteMentions(tx, { channelId, seq, authorUid, mentions, here })
  }
  const message = publicMessage(saved)
  announce(
    slot,
    messageEdited,
    { message },
    {
      ...about(access, saved, byOf(actor)),
      contentKey: messageContentKey(messageId),
      takesBack: [messageContentKey(messageId)],
    },
  )
  return { message, epoch: slot.epoch }
})

export const remove = write(deleteMessage, async ({ input, actor, tx, announce, settings }) => {
  const { channelId, messageId } = input
  const access = await lockChannel(tx, { actor, channelId, action: 'channel.read', settings })
  const row = await visibleMessage(tx, access, messageId)
  const wish = { actor, settings }
  const may =
    (isOwn(actor, row) && allows(access, wish, 'message.changeOwn')) ||
    allows(access, wish, 'message.deleteAny')
  if (!may) throw new ChatError('forbidden')
  if (row.deleted_at !== null) return { message: publicMessage(row), epoch: access.stream.epoch }

  const slot = access.stream.take()
  const tombstone: UnhashedRow = {
    ...row,
    version: slot.seq,
    text: null,
    system: null,
    quoted_id: null,
    mentions: '[]',
    custom: '{}',
    deleted_at: tx.now,
  }
  saveMessage(tx, tombstone)
  removeMentions(tx, channelId, row.seq)
  if (row.counts !== null) dropReactions(tx, channelId, row.seq, tx.now)
  await dropPinOn(tx, access.channel, tombstone)
  const message = publicMessage(tombstone)
  announce(
    slot,
    messageDeleted,
    { message },
    {
      ...about(access, tombstone, byOf(actor)),
      takesBack: [messageContentKey(messageId), reactionsContentKey(messageId)],
    },
  )
  await noteGoneFromThread({ tx, announce, access }, tombstone, byOf(actor))
  if (row.author_uid === null || actor.kind !== 'user' || row.author_uid !== actor.uid)
    tx.audit({
      actor: nameOf(actor),
      action: 'message.deleted',
      target: `${channelId}/${messageId}`,
      details: { author: row.author },
    })
  return { message, epoch: slot.epoch }
})

async function visibleMessage(
  db: Snapshot,
  access: Access,
  messageId: string,
): Promise<MessageRow> {
  const row = await messageById(db, access.channel.id, messageId)
  if (!row || !sees(access, row)) throw new ChatError('message.not_found')
  return row
}

const isOwn = (actor: Actor, row: MessageRow): boolean =>
  actor.kind === 'server' || row.author_uid === actor.uid

/** In a change an absent field stays and `null` clears. A new text without new mentions has none. */
function changed(
  row: MessageRow,
  { text, mentions, custom }: InputOf<typeof editMessage>,
): UnhashedRow {
  const keepMentions = mentions === undefined && (text === undefined || text === row.text)
  return {
    ...row,
    text: text ?? row.text,
    mentions: keepMentions ? row.mentions : JSON.stringify(mentions ?? []),
    custom: custom === undefined ? row.custom : JSON.stringify(custom ?? {}),
  }
}

const about = ({ channel }: Access, row: UnhashedRow, by: string | null) => ({
  by,
  subjectSeq: subjectOf(row),
  memberCount: channel.member_count,
  last: channel.last_message_seq === row.seq ? previewOf(publicMessage(row)) : null,
})
