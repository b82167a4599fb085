import {
  ChatError,
  channelJoined,
  channelLeft,
  memberJoined,
  memberLeft,
  memberRemoved,
} from '@tertulia/protocol'
import type { Settings } from '../../kernel/handlers.ts'
import type { Announce, LockedStream, Tx } from '../../kernel/transaction.ts'
import type { AccessChange } from '../../ports/bus.ts'
import {
  type ChannelRow,
  isDisabled,
  type MemberRow,
  publicChannel,
  publicMe,
  publicMember,
  saveChannel,
} from '../access/index.ts'
import { emptyDraftsIn } from '../drafts/index.ts'
import { dropReceipt } from '../receipts/index.ts'
import { publicUser, type UserRow } from '../users/index.ts'
import { channelCount, saveMember, saveMembership } from './members.store.ts'

/** A channel under its lock, whose counts change as people come and go. */
export interface Roster {
  readonly tx: Tx
  readonly announce: Announce
  readonly settings: Settings
  readonly stream: LockedStream
  channel: ChannelRow
}

export interface Joining {
  readonly user: UserRow
  readonly role: MemberRow['role']
  readonly by: string | null
}

const ownerDelta = (role: MemberRow['role'] | null): number => (role === 'owner' ? 1 : 0)

/** Where anybody may read, nobody sees less for having joined. */
const hidesThePast = ({ channel, settings }: Roster): boolean =>
  channel.history === 'sinceJoin' &&
  settings.channelTypes[channel.type]?.grants['channel.read'] !== 'anyone'

/** Makes somebody a member who is none now, and tells the channel and the user. */
export async function joinMember(roster: Roster, { user, role, by }: Joining): Promise<MemberRow> {
  const { tx, announce, settings, stream } = roster
  if (roster.channel.member_count >= settings.limits.channelMembers) throw full()
  // Under the lock: else two channels at once could each find the last place free.
  const own = await tx.lock(user.uid)
  if ((await channelCount(tx, user.uid)) >= settings.limits.channelsPerUser) throw full()

  const slot = stream.take()
  const ownSlot = own.take()
  const visibleFrom = hidesThePast(roster) ? slot.seq : 0
  const row: MemberRow = {
    channel_id: roster.channel.id,
    uid: user.uid,
    userId: user.id,
    role,
    state: 'joined',
    version: slot.seq,
    joined_at: tx.now,
    joined_seq: slot.seq,
    visible_from: visibleFrom,
  }
  saveMember(tx, row)
  saveMembership(tx, { ...row, version: ownSlot.seq, read_seq: slot.seq })
  count(roster, { members: 1, owners: ownerDelta(role), version: slot.seq })

  const memberCount = roster.channel.member_count
  announce(
    slot,
    memberJoined,
    { member: publicMember(row), memberCount, user: publicUser(user) },
    { by, memberCount, access: granted(roster, user, visibleFrom) },
  )
  announce(
    ownSlot,
    channelJoined,
    { channel: publicChannel(roster.channel), epoch: slot.epoch, seq: slot.seq, me: publicMe(row) },
    { by },
  )
  return row
}

/** Nobody watches what is disabled. */
const granted = (
  { channel }: Roster,
  { uid }: UserRow,
  visibleFrom: number,
): readonly AccessChange[] => (isDisabled(channel) ? [] : [{ kind: 'granted', uid, visibleFrom }])

/** Ends a membership: from here on the user sees nothing of the channel. */
export async function endMembership(
  roster: Roster,
  row: MemberRow,
  how: { readonly state: 'left' | 'removed'; readonly by: string | null },
): Promise<void> {
  const { tx, announce, stream } = roster
  if (row.role === 'owner' && roster.channel.owner_count <= 1)
    throw new ChatError('member.last_owner')

  const own = await tx.lock(row.uid)
  const slot = stream.take()
  const ownSlot = own.take()
  const ended: MemberRow = { ...row, state: how.state, version: slot.seq }
  saveMember(tx, ended)
  saveMembership(tx, { ...ended, version: ownSlot.seq })
  dropReceipt(tx, row.channel_id, row.uid)
  emptyDraftsIn(tx, { uid: row.uid, channelId: row.channel_id }, ownSlot.seq)
  count(roster, { members: -1, owners: -ownerDelta(row.role), version: slot.seq })

  const memberCount = roster.channel.member_count
  const event = how.state === 'left' ? memberLeft : memberRemoved
  announce(
    slot,
    event,
    { member: publicMember(ended), memberCount },
    { by: how.by, memberCount, access: [{ kind: 'revoked', uid: row.uid }] },
  )
  announce(ownSlot, channelLeft, { channelId: row.channel_id, reason: how.state }, { by: how.by })
}

/** Gives a present member another role. */
export function changeRole(
  roster: Roster,
  row: MemberRow,
  role: MemberRow['role'],
): { readonly member: MemberRow; readonly slot: ReturnType<LockedStream['take']> } {
  if (row.role === 'owner' && roster.channel.owner_count <= 1)
    throw new ChatError('member.last_owner')
  const slot = roster.stream.take()
  const member: MemberRow = { ...row, role, version: slot.seq }
  saveMember(roster.tx, member)
  count(roster, {
    members: 0,
    owners: ownerDelta(role) - ownerDelta(row.role),
    version: roster.channel.version,
  })
  return { member, slot }
}

interface Count {
  readonly members: number
  readonly owners: number
  readonly version: number
}

function count(roster: Roster, { members, owners, version }: Count): void {
  roster.channel = {
    ...roster.channel,
    member_count: roster.channel.member_count + members,
    owner_count: roster.channel.owner_count + owners,
    version,
  }
  saveChannel(roster.tx, roster.channel)
}

const full = () => new ChatError('channel.member_limit')
