import {
  type ChannelCursor,
  type ChannelSync,
  LIMITS,
  type Mention,
  type Message,
  type MessageReactions,
  type Pin,
  type SystemNote,
  type User,
  utf8Bytes,
} from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import type { Settings } from '../../kernel/handlers.ts'
import { can } from '../../kernel/permissions/can.ts'
import { readStream, type Standing, type StreamState, standingOf } from '../../kernel/streams.ts'
import type { Snapshot } from '../../store/engine.ts'
import {
  type ChannelRow,
  channelById,
  isDisabled,
  type MemberRow,
  memberOf,
  publicChannel,
  publicMe,
  publicMember,
  visibleFromOf,
} from '../access/index.ts'
import {
  messagesBefore,
  messagesChanged,
  publicMessage,
  tombstonesAbove,
} from '../messages/index.ts'
import { visiblePins } from '../pins/index.ts'
import { countsOf, ownReactionsOn, reactionsChanged } from '../reactions/index.ts'
import { facesOf, publicThread, threadsChanged } from '../threads/index.ts'
import { publicUser, userById } from '../users/index.ts'
import { membersChanged, membershipOf } from './sync.store.ts'

/** A channel as one user may see it, in one snapshot. */
interface View {
  readonly channel: ChannelRow
  readonly stream: StreamState
  /** Null for who reads without being a member. */
  readonly member: MemberRow | null
  readonly visibleFrom: number
  readonly viewer: UserActor
}

export interface Viewer {
  readonly actor: UserActor
  readonly settings: Settings
}

type Gone = Extract<ChannelSync, { status: 'gone' }>
type ResetReason = Extract<ChannelSync, { status: 'reset' }>['reason']

const isGone = (view: View | Gone): view is Gone => 'status' in view

/** What changed in a channel since a cursor: rows by their version and the head, read in one snapshot. */
export async function syncChannel(
  db: Snapshot,
  viewer: Viewer,
  cursor: ChannelCursor,
): Promise<ChannelSync> {
  const view = await viewOf(db, viewer, cursor.id)
  if (isGone(view)) return view
  if (cursor.epoch === undefined || cursor.seq === undefined) return reset(db, view, 'first', 0)

  const standing = standingIn(view, { epoch: cursor.epoch, seq: cursor.seq })
  const { epoch, seq } = view.stream
  if (standing === 'same') return { status: 'same', id: cursor.id, epoch, seq }
  if (standing !== 'delta') return reset(db, view, standing, cursor.seq)
  return (await delta(db, view, cursor.seq)) ?? reset(db, view, 'too_far', cursor.seq)
}

/** Only where the channel stands: for who does not look at it now. */
export async function headOfChannel(
  db: Snapshot,
  viewer: Viewer,
  cursor: ChannelCursor,
): Promise<ChannelSync> {
  const view = await viewOf(db, viewer, cursor.id)
  if (isGone(view)) return view
  const { epoch, seq } = view.stream
  const same =
    cursor.epoch !== undefined &&
    cursor.seq !== undefined &&
    standingIn(view, { epoch: cursor.epoch, seq: cursor.seq }) === 'same'
  return { status: same ? 'same' : 'head', id: cursor.id, epoch, seq }
}

async function viewOf(db: Snapshot, { actor, settings }: Viewer, id: string): Promise<View | Gone> {
  const channel = await channelById(db, id)
  const row = channel && (await memberOf(db, id, actor.uid))
  const member = row?.state === 'joined' ? row : null
  const role = member?.role ?? null
  if (
    !channel ||
    channel.deleted_at !== null ||
    isDisabled(channel) ||
    !can(settings.channelTypes, actor, 'channel.read', { type: channel.type, role })
  )
    return { status: 'gone', id, reason: await reasonOf(db, actor.uid, channel, id) }
  const stream = await readStream(db, id, settings.epoch)
  // One that was damaged is told as one that is not there, so that it does not take the others with it.
  if (!stream) return { status: 'gone', id, reason: 'unknown' }
  return { channel, stream, member, visibleFrom: visibleFromOf(channel, member), viewer: actor }
}

/** Who never was in the channel hears the same as of a channel that never was. */
async function reasonOf(
  db: Snapshot,
  uid: string,
  channel: ChannelRow | undefined,
  id: string,
): Promise<Gone['reason']> {
  const membership = channel && (await membershipOf(db, uid, id))
  if (!membership) return 'unknown'
  if (membership.state !== 'joined') return membership.state
  return channel.deleted_at === null && isDisabled(channel) ? 'disabled' : 'deleted'
}

function standingIn(
  { stream, member }: View,
  cursor: { epoch: number; seq: number },
): Standing | 'visibility' {
  const standing = standingOf(stream, cursor)
  // Whoever joined after this cursor knows the channel from an earlier interval: its rows may not be theirs any more.
  const rejoined = member !== null && cursor.seq < member.joined_seq
  return rejoined && (standing === 'delta' || standing === 'same') ? 'visibility' : standing
}

async function delta(db: Snapshot, view: View, after: number): Promise<ChannelSync | null> {
  const { channel, stream, visibleFrom } = view
  const range = { channelId: channel.id, after, limit: LIMITS.deltaRows + 1 }
  const rows = await messagesChanged(db, { ...range, visibleFrom })
  const members = await membersChanged(db, range)
  if (rows.length + members.length > LIMITS.deltaRows) return null
  if (weightOf(rows) > LIMITS.deltaBytes) return null
  const messages = rows.map(publicMessage)
  const most = LIMITS.deltaReactions
  const threads = await threadsChanged(db, { ...range, visibleFrom })
  const reacted = await reactionsChanged(db, { ...range, visibleFrom, limit: most + 1 })
  const reactions = reacted.slice(0, most).map(publicReactions)
  const pins = isToldPins(view, after) ? await pinsOf(db, view) : null
  const named = [
    ...messages,
    ...reactions.map((one) => ({ id: one.messageId, seq: one.messageSeq })),
  ]
  return {
    status: 'delta',
    id: channel.id,
    epoch: stream.epoch,
    from: after,
    through: stream.seq,
    messages,
    reactions,
    threads: threads.map(publicThread),
    staleReactions: reacted.length > most,
    ownReactions: await ownReactionsOn(db, view.viewer, { channelId: channel.id, messages: named }),
    members: members.map(publicMember),
    ...(pins ? { pins } : {}),
    ...(channel.version > after ? { channel: publicChannel(channel) } : {}),
    users: await peopleIn(db, messages, [
      ...members.map(({ userId }) => userId),
      ...pinnersOf(pins ?? []),
      ...threads.flatMap(facesOf),
    ]),
  }
}

const publicReactions = (row: {
  readonly id: string
  readonly message_seq: number
  readonly version: number
  readonly counts: string
}): MessageReactions => ({
  messageId: row.id,
  messageSeq: row.message_seq,
  reactions: countsOf(row.counts),
  reactionsVersion: row.version,
})

/** What the callers wrote, in UTF-16 units: enough to tell a delta that nobody wants to wait for. */
const weightOf = (rows: readonly { text: string | null; custom: string }[]): number =>
  rows.reduce((sum, { text, custom }) => sum + (text?.length ?? 0) + custom.length, 0)

/** The bytes of an answer with content; 0 for one without. */
export const bytesOf = (sync: ChannelSync): number =>
  sync.status === 'delta' || sync.status === 'reset' ? utf8Bytes(JSON.stringify(sync)) : 0

async function reset(
  db: Snapshot,
  view: View,
  reason: ResetReason,
  after: number,
): Promise<ChannelSync> {
  const { channel, stream, member, visibleFrom } = view
  const channelId = channel.id
  const limit = LIMITS.resetMessages
  const found = await messagesBefore(db, {
    channelId,
    rootSeq: null,
    above: visibleFrom,
    below: stream.seq + 1,
    limit: limit + 1,
  })
  const messages = found.slice(-limit).map(publicMessage)
  const pins = await pinsOf(db, view)
  const most = LIMITS.resetTombstones
  const tombstones =
    reason === 'first'
      ? []
      : await tombstonesAbove(db, { channelId, after, visibleFrom, limit: most + 1 })
  // After a change of history or of visibility, nothing that the client kept can be trusted.
  const purge =
    tombstones.length > most ||
    reason === 'epoch' ||
    reason === 'unknown' ||
    reason === 'visibility'
  return {
    status: 'reset',
    id: channelId,
    epoch: stream.epoch,
    reason,
    through: stream.seq,
    messages,
    ownReactions: await ownReactionsOn(db, view.viewer, { channelId, messages }),
    hasOlder: found.length > limit,
    pins,
    channel: publicChannel(channel),
    me: member && publicMe(member),
    tombstones: purge ? [] : tombstones,
    purge,
    users: await peopleIn(db, messages, pinnersOf(pins)),
  }
}

/** Who does not see all messages gets the pins each time: else their coming would tell of a pin that is hidden (PIN-6). */
const isToldPins = ({ channel, visibleFrom }: View, after: number): boolean =>
  channel.pins_version > (visibleFrom > channel.floor ? 0 : after)

/** Where nothing ever was pinned, nothing is looked up. */
const pinsOf = async (db: Snapshot, { channel, visibleFrom }: View): Promise<Pin[]> =>
  channel.pins_version === 0 ? [] : visiblePins(db, { channelId: channel.id, visibleFrom })

const pinnersOf = (pins: readonly Pin[]): string[] => pins.flatMap(({ by }) => by ?? [])

/** The profiles of everybody whom the rows name, once each. */
async function peopleIn(
  db: Snapshot,
  messages: readonly Message[],
  memberIds: readonly string[],
): Promise<User[]> {
  const ids = new Set(memberIds)
  for (const { author, mentions, thread, system } of messages) {
    if (author !== null) ids.add(author)
    for (const id of toldIn(system)) ids.add(id)
    for (const face of thread?.faces ?? []) ids.add(face)
    for (const id of mentions.flatMap(mentioned)) ids.add(id)
  }
  const users = []
  for (const id of ids) {
    const row = await userById(db, id)
    if (row) users.push(publicUser(row))
  }
  return users
}

function toldIn(note: SystemNote | undefined): readonly string[] {
  if (!note) return []
  const people = 'userIds' in note ? note.userIds : []
  return note.by === null ? people : [...people, note.by]
}

const mentioned = (mention: Mention): string[] => (mention.kind === 'user' ? [mention.userId] : [])
