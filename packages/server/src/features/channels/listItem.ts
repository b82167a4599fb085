import type { ChannelListItem, ReadState } from '@tertulia/protocol'
import { readStream } from '../../kernel/streams.ts'
import type { Snapshot } from '../../store/engine.ts'
import {
  type ChannelRow,
  isDisabled,
  type MemberRow,
  memberOf,
  publicChannel,
  publicMe,
  visibleFromOf,
} from '../access/index.ts'
import { arrangementOf } from '../arrangements/index.ts'
import { readStateOf } from '../unread/index.ts'
import { newestMessage } from './channels.store.ts'

const readingOf = (member: MemberRow, channel: ChannelRow) => ({
  uid: member.uid,
  channelId: channel.id,
  ordinal: channel.ordinal,
  visibleFrom: visibleFromOf(channel, member),
})

/** Of what is disabled only what the user did with it, and nothing of what is in it. */
async function readOf(
  db: Snapshot,
  member: MemberRow,
  { channel, shut }: { readonly channel: ChannelRow; readonly shut: boolean },
): Promise<ReadState> {
  const state = await readStateOf(db, readingOf(member, channel))
  return shut ? { ...state, unread: 0, firstUnread: null, mentions: 0 } : state
}

/** A channel as a list shows it to one user, or to a server. */
export async function listItem(
  db: Snapshot,
  channel: ChannelRow,
  viewer: { readonly uid: string | null; readonly epoch: number },
): Promise<ChannelListItem> {
  const stream = await readStream(db, channel.id, viewer.epoch)
  const row = viewer.uid ? await memberOf(db, channel.id, viewer.uid) : undefined
  const member: MemberRow | null = row?.state === 'joined' ? row : null
  const shut = isDisabled(channel) && viewer.uid !== null
  const mayRead = viewer.uid === null || member !== null
  return {
    channel: shut ? { ...publicChannel(channel), lastMessageAt: null } : publicChannel(channel),
    epoch: stream?.epoch ?? viewer.epoch,
    seq: stream?.seq ?? 0,
    me: member && publicMe(member),
    ordinal: channel.ordinal,
    read: member && (await readOf(db, member, { channel, shut })),
    arrangement: member && (await arrangementOf(db, member.uid, channel.id)),
    last:
      mayRead && !shut ? await newestMessage(db, channel, visibleFromOf(channel, member)) : null,
  }
}
