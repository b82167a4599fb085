import { z } from 'zod'
import { Arrangement } from './arrangements.ts'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { ChannelRole, Me } from './members.ts'
import { MessagePreview } from './messages.ts'
import {
  ChannelKey,
  ClientId,
  Custom,
  Epoch,
  Id,
  Name,
  NamePrefix,
  Ordinal,
  PageCursor,
  PageLimit,
  Seq,
  Time,
  UserId,
} from './scalars.ts'
import { SlowMode, SlowModeInput } from './slowMode.ts'
import { ReadState } from './unread.ts'

/** A built-in channel type (`direct`, `group`, `public`, `live`) or one of the app's own. */
export const ChannelType = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_-]{0,31}$/)
  .meta({ id: 'ChannelType', examples: ['group'] })

export const History = z.enum(['all', 'sinceJoin']).meta({
  id: 'History',
  description: 'What a new member sees of the past: everything, or nothing from before joining.',
})

export const ChannelState = z.enum(['open', 'frozen', 'disabled']).meta({
  id: 'ChannelState',
  description:
    'In a frozen channel members read, and speak no more. A disabled one is shut for all but app servers.',
})
export type ChannelState = z.infer<typeof ChannelState>

export const Channel = z
  .object({
    id: Id,
    type: ChannelType,
    key: ChannelKey.nullable(),
    name: Name.nullable(),
    custom: Custom,
    history: History,
    state: ChannelState,
    slowMode: SlowMode.nullable().describe('Null when everybody may send as fast as they like.'),
    people: z.array(UserId).describe('The people of a direct channel; empty for all other types.'),
    memberCount: z.int().min(0),
    version: Seq.describe('The seq of the last change of the channel itself.'),
    createdBy: UserId.nullable(),
    createdAt: Time,
    updatedAt: Time,
    lastMessageAt: Time.nullable(),
    floor: Seq.describe('Everything up to here is gone; 0 when nothing was truncated.'),
  })
  .meta({ id: 'Channel' })

export type Channel = z.infer<typeof Channel>

export const ChannelListItem = z
  .object({
    channel: Channel,
    epoch: Epoch,
    seq: Seq.describe('The head of the stream.'),
    me: Me.nullable().describe('The own membership; null for a server.'),
    last: MessagePreview.nullable(),
    ordinal: Ordinal,
    read: ReadState.nullable().describe('How far the user has read; null without a membership.'),
    arrangement: Arrangement.nullable().describe(
      'What the user chose about the channel; null without a membership.',
    ),
  })
  .meta({ id: 'ChannelListItem' })
export type ChannelListItem = z.infer<typeof ChannelListItem>

const FirstMember = z.strictObject({ userId: UserId, role: ChannelRole.default('member') })
const FirstMembers = z
  .array(FirstMember)
  .max(LIMITS.membersPerCall)
  .refine(
    (list) => new Set(list.map((member) => member.userId)).size === list.length,
    'userIds must differ',
  )
  .default([])

const Wish = z.strictObject({
  type: ChannelType.default('group'),
  name: Name.nullable().default(null),
  custom: Custom.default({}),
  history: History.optional().describe('The policy of the channel type when absent.'),
  members: FirstMembers.describe('Besides the caller. For `direct`: the other people.'),
})

export const createChannel = operation({
  name: 'channel.create',
  summary:
    'Creates a channel; a direct channel is the one of its set of people, made at most once.',
  rest: { method: 'POST', path: '/v1/channels', keyHeader: 'clientId' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'keyed',
  input: Wish.extend({ clientId: ClientId }),
  output: z.object({ channel: Channel, created: z.boolean() }),
  errors: [
    'channel.client_id_reused',
    'channel.disabled',
    'channel.member_limit',
    'user.not_found',
    'user.unreachable',
  ],
})

export const getOrCreateChannel = operation({
  name: 'channel.getOrCreate',
  summary: "The channel of the app's key, created when there is none.",
  rest: { method: 'PUT', path: '/v1/channels/by-key/{key}' },
  socket: false,
  callers: ['server'],
  rate: 'request',
  retry: 'safe',
  input: Wish.extend({ key: ChannelKey }),
  output: z.object({ channel: Channel, created: z.boolean() }),
  errors: ['channel.member_limit', 'user.not_found', 'user.unreachable'],
})

export const getChannel = operation({
  name: 'channel.get',
  summary: 'One channel with the own membership and the newest message.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id }),
  output: ChannelListItem.extend({
    watchers: z
      .int()
      .min(0)
      .nullable()
      .describe('How many users watch a `live` channel, as counted last; null for other types.'),
  }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const updateChannel = operation({
  name: 'channel.update',
  summary:
    'Changes name, custom fields, the history policy for members to come, state or slow mode.',
  rest: { method: 'PATCH', path: '/v1/channels/{channelId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    name: Name.nullable().optional(),
    custom: Custom.nullable().optional(),
    history: History.optional(),
    state: ChannelState.optional().describe('Only app servers disable, and open what is disabled.'),
    slowMode: SlowModeInput.nullable().optional().describe('Null switches it off.'),
  }),
  output: z.object({ channel: Channel }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const deleteChannel = operation({
  name: 'channel.delete',
  summary: 'Deletes a channel with all its messages, and frees its key or its set of people.',
  rest: { method: 'DELETE', path: '/v1/channels/{channelId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({ channelId: Id }),
  output: z.object({}),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const ChannelListPart = z.enum(['list', 'hidden', 'archived', 'all']).meta({
  id: 'ChannelListPart',
  description: '`list` is all but the hidden and the archived; `hidden` is without the archived.',
})
export type ChannelListPart = z.infer<typeof ChannelListPart>

export const listChannels = operation({
  name: 'channel.list',
  summary: 'The own channels by latest activity; a server names the user.',
  rest: { method: 'GET', path: '/v1/channels' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    userId: UserId.optional().describe('For servers: whose list. Refused for users.'),
    type: ChannelType.optional(),
    name: NamePrefix.optional().describe('The beginning of the name.'),
    show: ChannelListPart.default('list'),
    pinned: z.boolean().optional().describe('Only those that are pinned, or only the others.'),
    sort: z.enum(['activity']).default('activity'),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({ channels: z.array(ChannelListItem), next: PageCursor.nullable() }),
  errors: ['user.not_found'],
})

export const findChannels = operation({
  name: 'channel.find',
  summary: 'Channels that anyone may find and join, by the beginning of their name.',
  rest: { method: 'GET', path: '/v1/public-channels' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    name: NamePrefix.optional(),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({ channels: z.array(Channel), next: PageCursor.nullable() }),
  errors: [],
})

export const channelCreated = event({
  name: 'channel.created',
  stream: 'channel',
  summary: 'The first event of every channel.',
  data: z.object({ channel: Channel }),
})

export const channelUpdated = event({
  name: 'channel.updated',
  stream: 'channel',
  summary: 'Name, custom fields, history policy, state or slow mode changed.',
  data: z.object({ channel: Channel }),
})

export const channelDeleted = event({
  name: 'channel.deleted',
  stream: 'channel',
  summary: 'The last event of a channel: purge it.',
  data: z.object({ channelId: Id }),
})

export const channelJoined = event({
  name: 'channel.joined',
  stream: 'user',
  summary: 'The user became a member, on whatever device or by whomever.',
  data: z.object({ channel: Channel, epoch: Epoch, seq: Seq, me: Me }),
})

export const LeaveReason = z.enum(['left', 'removed', 'deleted']).meta({ id: 'LeaveReason' })

export const channelLeft = event({
  name: 'channel.left',
  stream: 'user',
  summary: 'The user is no member any more: purge the channel.',
  data: z.object({ channelId: Id, reason: LeaveReason }),
})

export const channelOperations = [
  createChannel,
  getOrCreateChannel,
  getChannel,
  updateChannel,
  deleteChannel,
  listChannels,
  findChannels,
] as const
export const channelEvents = [
  channelCreated,
  channelUpdated,
  channelDeleted,
  channelJoined,
  channelLeft,
] as const
