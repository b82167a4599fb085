import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Id, PageCursor, PageLimit, Seq, Time, UserId } from './scalars.ts'
import { User } from './users.ts'

export const ChannelRole = z.enum(['owner', 'moderator', 'member']).meta({ id: 'ChannelRole' })

export const Member = z
  .object({
    userId: UserId,
    role: ChannelRole,
    state: z.enum(['joined', 'left', 'removed']),
    version: Seq.describe('The seq of the last change of this membership.'),
    joinedAt: Time,
  })
  .meta({ id: 'Member' })

export const Me = Member.extend({
  visibleFrom: Seq.describe('Messages with a seq above this one are visible.'),
}).meta({ id: 'Me', description: 'The own membership.' })

export type ChannelRole = z.infer<typeof ChannelRole>
export type Member = z.infer<typeof Member>
export type Me = z.infer<typeof Me>

export const addMembers = operation({
  name: 'member.add',
  summary: 'Adds up to 100 people, all or none. Who is a member already stays as they are.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/members' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    members: z
      .array(z.strictObject({ userId: UserId, role: ChannelRole.default('member') }))
      .min(1)
      .max(LIMITS.membersPerCall)
      .refine(
        (list) => new Set(list.map((member) => member.userId)).size === list.length,
        'userIds must differ',
      ),
  }),
  output: z.object({ members: z.array(Member) }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.immutable_people',
    'channel.member_limit',
    'user.not_found',
    'user.unreachable',
  ],
})

export const removeMember = operation({
  name: 'member.remove',
  summary: 'Removes somebody; after the answer nothing newer reaches them.',
  rest: { method: 'DELETE', path: '/v1/channels/{channelId}/members/{userId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id, userId: UserId }),
  output: z.object({}),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.immutable_people',
    'member.last_owner',
    'member.not_found',
  ],
})

export const updateMember = operation({
  name: 'member.update',
  summary: 'Changes the role of a member.',
  rest: { method: 'PATCH', path: '/v1/channels/{channelId}/members/{userId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id, userId: UserId, role: ChannelRole }),
  output: z.object({ member: Member }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.immutable_people',
    'member.last_owner',
    'member.not_found',
  ],
})

export const joinChannel = operation({
  name: 'member.join',
  summary: 'Joins a channel that anyone may join.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/join' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id }),
  output: z.object({ me: Me }),
  errors: ['channel.not_found', 'channel.disabled', 'channel.member_limit'],
})

export const leaveChannel = operation({
  name: 'member.leave',
  summary: 'Leaves a channel. Leaving twice is one leaving.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/leave' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id }),
  output: z.object({}),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.immutable_people',
    'member.last_owner',
  ],
})

export const listMembers = operation({
  name: 'member.list',
  summary: 'The members of a channel in pages, in the order of joining the app.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/members' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    role: ChannelRole.optional(),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({
    members: z.array(z.object({ member: Member, user: User })),
    next: PageCursor.nullable(),
  }),
  errors: ['channel.not_found', 'channel.disabled'],
})

const MemberChange = z.object({ member: Member, memberCount: z.int().min(0) })

export const memberJoined = event({
  name: 'member.joined',
  stream: 'channel',
  summary: 'Somebody was added or joined.',
  data: MemberChange.extend({ user: User }),
})
export const memberLeft = event({
  name: 'member.left',
  stream: 'channel',
  summary: 'Somebody left.',
  data: MemberChange,
})
export const memberRemoved = event({
  name: 'member.removed',
  stream: 'channel',
  summary: 'Somebody was removed.',
  data: MemberChange,
})
export const memberUpdated = event({
  name: 'member.updated',
  stream: 'channel',
  summary: 'The role of a member changed.',
  data: z.object({ member: Member }),
})

export const memberOperations = [
  addMembers,
  removeMember,
  updateMember,
  joinChannel,
  leaveChannel,
  listMembers,
] as const
export const memberEvents = [memberJoined, memberLeft, memberRemoved, memberUpdated] as const
