import { z } from 'zod'
import { event, operation } from './define.ts'
import { Id, Ordinal, Seq, UserId } from './scalars.ts'

/** How far a user has read a channel, and what is left. */
export const ReadState = z
  .object({
    seq: Seq.describe('Everything up to here is read.'),
    unreadFrom: Seq.nullable().describe(
      'The message from which on the user marked the channel unread; null when they did not.',
    ),
    unread: z.int().min(0).describe('Messages of others to read; 100 stands for 100 or more.'),
    firstUnread: Seq.nullable().describe('The first of them.'),
    mentions: z
      .int()
      .min(0)
      .describe('How many of them mention the user or everybody; 100 for 100 or more.'),
    ordinal: Ordinal.describe('The ordinal of the channel at which they were counted.'),
  })
  .meta({ id: 'ReadState' })

export type ReadState = z.infer<typeof ReadState>

const ofChannel = { channelId: Id }

export const markUnread = operation({
  name: 'unread.mark',
  summary: 'Marks a channel unread from a message on, until it is read again.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/unread' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ ...ofChannel, messageId: Id }),
  output: z.object({ read: ReadState }),
  errors: ['channel.not_found', 'channel.disabled', 'message.not_found'],
})

export const explainUnread = operation({
  name: 'unread.explain',
  summary: 'Why a channel is unread: what was counted, and from where.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/unread' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject(ofChannel),
  output: z.object({
    read: ReadState,
    after: Seq.describe('Only what stands after this seq was counted.'),
    messages: z
      .array(z.object({ id: Id, seq: Seq, author: UserId.nullable() }))
      .describe('The first ten that were counted.'),
    mentionedIn: z.array(Seq).describe('The first ten messages that mention the user.'),
  }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const totalUnread = operation({
  name: 'unread.total',
  summary: 'What is left to read in all channels, for a badge.',
  rest: { method: 'GET', path: '/v1/unread' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({}),
  output: z.object({
    unread: z.int().min(0).describe('Unread messages; 1000 stands for 1000 or more.'),
    mentions: z.int().min(0).describe('Of all channels, the quiet ones included.'),
    channels: z.int().min(0).describe('Channels with unread messages that are not quiet.'),
    more: z.boolean().describe('Counting stopped at 1000 messages.'),
  }),
  errors: [],
})

export const unreadChanged = event({
  name: 'unread.changed',
  stream: 'user',
  summary: 'The user read a channel, or marked it unread, on whatever device.',
  data: z.object({ ...ofChannel, read: ReadState }),
})

export const unreadOperations = [markUnread, explainUnread, totalUnread] as const
export const unreadEvents = [unreadChanged] as const
