import { messageCreated, type SystemNote } from '@tertulia/protocol'
import type { Settings } from '../../kernel/handlers.ts'
import type { Announce, LockedStream, Tx } from '../../kernel/transaction.ts'
import type { ChannelRow } from '../access/index.ts'
import { messageContentKey } from './contentKey.ts'
import { insertMessage } from './messages.store.ts'
import { publicMessage, UNANSWERED, type UnhashedRow } from './row.ts'

/** A channel under its lock, in which something was done. */
export interface Telling {
  readonly tx: Tx
  readonly announce: Announce
  readonly settings: Settings
  readonly stream: LockedStream
  readonly channel: ChannelRow
}

/**
 * Tells what was done in a message of its own, right behind the event of it, where the channel type wants that. It is
 * never unread, and the channel keeps its place in the list and what the list shows of it.
 */
export function noteSystem({ tx, announce, settings, stream, channel }: Telling, note: SystemNote) {
  const told = settings.channelTypes[channel.type]?.systemMessages ?? []
  if (!told.includes(note.event)) return
  const slot = stream.take()
  const row = rowOf(note, { tx, channel, seq: slot.seq })
  insertMessage(tx, row)
  announce(
    slot,
    messageCreated,
    { message: publicMessage(row) },
    {
      by: note.by,
      subjectSeq: row.seq,
      memberCount: channel.member_count,
      contentKey: messageContentKey(row.id),
    },
  )
}

interface Place extends Pick<Telling, 'tx' | 'channel'> {
  readonly seq: number
}

function rowOf(note: SystemNote, { tx, channel, seq }: Place): UnhashedRow {
  const id = tx.newId()
  return {
    channel_id: channel.id,
    seq,
    id,
    version: seq,
    author_uid: null,
    author: null,
    client_id: clientIdOf(id, tx.now),
    kind: 'system',
    text: null,
    quoted_id: null,
    mentions: '[]',
    custom: '{}',
    created_at: Math.max(tx.now, channel.last_message_at ?? 0),
    edited_at: null,
    deleted_at: null,
    to_read: 0,
    thread_root_seq: null,
    thread_root_id: null,
    in_channel: 1,
    system: JSON.stringify(note),
    silent: 0,
    ...UNANSWERED,
  }
}

/** A UUIDv7 that is as unique as the id, for a message that no client sent. */
function clientIdOf(id: string, now: number): string {
  const time = now.toString(16).padStart(12, '0')
  const bits = BigInt(id)
  const high = (bits >> 62n).toString(16).padStart(3, '0')
  const low = ((bits & ((1n << 62n) - 1n)) | (1n << 63n)).toString(16)
  return [time.slice(0, 8), time.slice(8), `7${high}`, low.slice(0, 4), low.slice(4)].join('-')
}
