import {
  addMembers,
  ChatError,
  joinChannel,
  leaveChannel,
  listMembers,
  memberUpdated,
  removeMember,
  updateMember,
} from '@tertulia/protocol'
import { byOf, nameOf } from '../../kernel/actor.ts'
import { type Handler, read, write } from '../../kernel/handlers.ts'
import type { Tx } from '../../kernel/transaction.ts'
import {
  allows,
  type ChannelRow,
  lockChannel,
  type MemberRow,
  memberOf,
  openChannel,
  publicMe,
  publicMember,
} from '../access/index.ts'
import { refuseToBring } from '../blocks/index.ts'
import { noteSystem } from '../messages/index.ts'
import { requiredUser, type UserRow, userById, userByUid } from '../users/index.ts'
import { pageOfMembers } from './members.store.ts'
import { changeRole, endMembership, joinMember, type Roster } from './membership.ts'

const add = write(addMembers, async ({ input, actor, tx, announce, settings }) => {
  const access = await lockChannel(tx, {
    actor,
    channelId: input.channelId,
    action: 'channel.see',
    settings,
  })
  refuseDirect(access.channel, settings)
  const wish = { actor, settings }
  if (!allows(access, wish, 'member.add')) throw new ChatError('forbidden')
  const ranked = input.members.some(({ role }) => role !== 'member')
  if (ranked && !allows(access, wish, 'member.update')) throw new ChatError('forbidden')

  const wanted = await peopleOf(tx, input.members)
  const present = await presentOf(tx, input.channelId, wanted)
  const comers = wanted.map(({ user }) => user).filter(({ uid }) => !present.has(uid))
  await refuseToBring(tx, actor, { people: comers, direct: false })
  const roster: Roster = { tx, announce, settings, stream: access.stream, channel: access.channel }
  const by = byOf(actor)
  const members = []
  for (const { user, role } of wanted) {
    const row = present.get(user.uid) ?? (await joinMember(roster, { user, role, by }))
    members.push(publicMember(row))
  }
  // One for all of them, however many they are.
  const userIds = comers.map(({ id }) => id)
  if (userIds.length > 0) noteSystem(roster, { event: 'joined', userIds, by })
  return { members }
})

/** Those who are members already, by uid: nobody has to bring them. */
async function presentOf(
  tx: Tx,
  channelId: string,
  wanted: readonly { readonly user: UserRow }[],
): Promise<ReadonlyMap<string, MemberRow>> {
  const present = new Map<string, MemberRow>()
  for (const { user } of wanted) {
    const row = await memberOf(tx, channelId, user.uid)
    if (row?.state === 'joined') present.set(user.uid, row)
  }
  return present
}

const remove = write(removeMember, async ({ input, actor, tx, announce, settings }) => {
  const access = await lockChannel(tx, {
    actor,
    channelId: input.channelId,
    action: 'channel.see',
    settings,
  })
  refuseDirect(access.channel, settings)
  if (!allows(access, { actor, settings }, 'member.remove')) throw new ChatError('forbidden')
  const row = await presentMember(tx, input.channelId, input.userId)
  if (row.role === 'owner' && !allows(access, { actor, settings }, 'member.update'))
    throw new ChatError('forbidden')
  const roster: Roster = { tx, announce, settings, stream: access.stream, channel: access.channel }
  const by = byOf(actor)
  await endMembership(roster, row, { state: 'removed', by })
  noteSystem(roster, { event: 'left', userIds: [row.userId], by })
  return {}
})

const update = write(updateMember, async ({ input, actor, tx, announce, settings }) => {
  const access = await lockChannel(tx, {
    actor,
    channelId: input.channelId,
    action: 'channel.see',
    settings,
  })
  refuseDirect(access.channel, settings)
  if (!allows(access, { actor, settings }, 'member.update')) throw new ChatError('forbidden')
  const row = await presentMember(tx, input.channelId, input.userId)
  if (row.role === input.role) return { member: publicMember(row) }
  const roster: Roster = { tx, announce, settings, stream: access.stream, channel: access.channel }
  const { member, slot } = changeRole(roster, row, input.role)
  tx.audit({
    actor: nameOf(actor),
    action: 'member.role',
    target: `${input.channelId}/${input.userId}`,
    details: { from: row.role, to: input.role },
  })
  announce(
    slot,
    memberUpdated,
    { member: publicMember(member) },
    { by: byOf(actor), memberCount: roster.channel.member_count },
  )
  return { member: publicMember(member) }
})

const join = write(joinChannel, async ({ input, actor, tx, announce, settings }) => {
  const access = await lockChannel(tx, {
    actor,
    channelId: input.channelId,
    action: 'channel.see',
    settings,
  })
  if (access.member) return { me: publicMe(access.member) }
  if (!allows(access, { actor, settings }, 'channel.join')) throw new ChatError('forbidden')
  const user = requiredUser(await userByUid(tx, actor.uid))
  const roster: Roster = { tx, announce, settings, stream: access.stream, channel: access.channel }
  const me = await joinMember(roster, { user, role: 'member', by: actor.id })
  noteSystem(roster, { event: 'joined', userIds: [user.id], by: actor.id })
  return { me: publicMe(me) }
})

const leave = write(leaveChannel, async ({ input, actor, tx, announce, settings }) => {
  const stream = await tx.tryLock(input.channelId)
  const row = stream && (await memberOf(tx, input.channelId, actor.uid))
  // Who left already gets the same answer again, and who looks on and never was a member.
  if (row?.state === 'left') return {}
  const access = await lockChannel(tx, {
    actor,
    channelId: input.channelId,
    action: 'channel.see',
    settings,
  })
  refuseDirect(access.channel, settings)
  if (!access.member) return {}
  if (!allows(access, { actor, settings }, 'channel.leave')) throw new ChatError('forbidden')
  const roster: Roster = { tx, announce, settings, stream: access.stream, channel: access.channel }
  await endMembership(roster, access.member, { state: 'left', by: actor.id })
  noteSystem(roster, { event: 'left', userIds: [actor.id], by: actor.id })
  return {}
})

const list = read(listMembers, async ({ input, actor, db, settings }) => {
  const { channelId, role, limit } = input
  await openChannel(db, { actor, channelId, action: 'channel.read', settings })
  const question = {
    operation: listMembers.name,
    actor: nameOf(actor),
    filter: { channelId, role: role ?? null },
  }
  const [after] = input.cursor ? settings.cursors.read(question, input.cursor) : ['0']
  const rows = await pageOfMembers(db, { channelId, after: String(after), role, limit: limit + 1 })
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    members: page.map(({ row, user }) => ({ member: publicMember(row), user })),
    next: last ? settings.cursors.write(question, [last.row.uid]) : null,
  }
})

function refuseDirect(channel: ChannelRow, { channelTypes }: Roster['settings']): void {
  if (channelTypes[channel.type]?.direct) throw new ChatError('channel.immutable_people')
}

async function presentMember(tx: Tx, channelId: string, userId: string) {
  const user = await userById(tx, userId)
  const row = user && (await memberOf(tx, channelId, user.uid))
  if (row?.state !== 'joined') throw new ChatError('member.not_found')
  return row
}

export interface Wanted<Role> {
  readonly userId: string
  readonly role: Role
}

/** The stored users, in the order in which their streams are locked. Refuses when one is unknown. */
export async function peopleOf<Role>(
  tx: Tx,
  wanted: readonly Wanted<Role>[],
): Promise<{ user: UserRow; role: Role }[]> {
  const people = []
  for (const { userId, role } of wanted) {
    const user = await userById(tx, userId)
    if (!user) throw new ChatError('user.not_found', { details: { userId } })
    people.push({ user, role })
  }
  return people.sort((a, b) => (BigInt(a.user.uid) < BigInt(b.user.uid) ? -1 : 1))
}

export const memberHandlers: readonly Handler[] = [add, remove, update, join, leave, list]
