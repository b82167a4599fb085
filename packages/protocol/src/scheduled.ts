import { z } from 'zod'
import { event, operation } from './define.ts'
import { Code } from './errorCode.ts'
import { LIMITS } from './limits.ts'
import { Mention, MentionInputs } from './mentions.ts'
import {
  ClientId,
  Custom,
  Id,
  JsonObject,
  PageCursor,
  PageLimit,
  Seq,
  Text,
  Time,
} from './scalars.ts'

/** It waits for its time, or its time came and the send was refused. What was sent is a message, and not here. */
const ScheduledState = z.discriminatedUnion('is', [
  z.object({ is: z.literal('waiting') }),
  z.object({ is: z.literal('failed'), code: Code, at: Time, details: JsonObject.optional() }),
])

export const ScheduledMessage = z
  .object({
    channelId: Id,
    clientId: ClientId.describe('Of the message that it becomes: its identity in the channel.'),
    sendAt: Time.describe('When it is sent.'),
    state: ScheduledState.describe(
      'Whether it waits, or with which error and when the send was refused. `details` are those of the error.',
    ),
    version: Seq.describe('The seq of its last change, in the own stream.'),
    text: z.string(),
    mentions: z.array(Mention),
    quotedId: Id.optional(),
    threadRootId: Id.optional(),
    alsoInChannel: z.literal(true).optional(),
    silent: z.literal(true).optional(),
    custom: Custom,
    createdAt: Time,
  })
  .meta({ id: 'ScheduledMessage', description: 'A message that its author wants sent later.' })

export type ScheduledMessage = z.infer<typeof ScheduledMessage>

/** As much of a scheduled message as says whether a client holds its newest state. */
export const ScheduledMark = z
  .object({ channelId: Id, clientId: ClientId, version: Seq })
  .meta({ id: 'ScheduledMark', description: 'A scheduled message, without its content.' })

export type ScheduledMark = z.infer<typeof ScheduledMark>

const place = { channelId: Id, clientId: ClientId }
const address = '/v1/channels/{channelId}/scheduled/{clientId}'

export const createScheduled = operation({
  name: 'scheduled.create',
  summary: 'Keeps a message for later; the server sends it when its time comes.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/scheduled', keyHeader: 'clientId' },
  socket: true,
  callers: ['user'],
  rate: 'send',
  retry: 'keyed',
  input: z.strictObject({
    channelId: Id,
    clientId: ClientId,
    sendAt: Time.describe('At least a second and at most a year from now.'),
    text: Text,
    mentions: MentionInputs.default([]),
    quotedId: Id.optional(),
    threadRootId: Id.optional().describe('Makes it a reply in the thread of that message.'),
    alsoInChannel: z
      .boolean()
      .default(false)
      .describe('Shows a reply in the channel too. Refused for what is no reply.'),
    silent: z.boolean().default(false).describe('It is never unread, for nobody.'),
    custom: Custom.default({}),
  }),
  output: z.object({
    scheduled: ScheduledMessage.nullable().describe(
      'In its present state; null when it was sent or cancelled since.',
    ),
    duplicate: z.boolean().describe('True when this client id had been scheduled before.'),
  }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'message.client_id_reused',
    'message.not_found',
    'message.is_reply',
    'message.deleted',
    'message.system',
    'user.unreachable',
    'scheduled.limit',
  ],
})

export const listScheduled = operation({
  name: 'scheduled.list',
  summary: 'The own scheduled messages, by the time at which they are sent.',
  rest: { method: 'GET', path: '/v1/me/scheduled' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id.optional().describe('Only those of one channel.'),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({
    scheduled: z.array(ScheduledMessage).max(LIMITS.pageItems),
    next: PageCursor.nullable(),
  }),
  errors: [],
})

export const updateScheduled = operation({
  name: 'scheduled.update',
  summary: 'Changes a scheduled message or its time; absent fields stay.',
  rest: { method: 'PATCH', path: address },
  socket: true,
  callers: ['user'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({
    ...place,
    sendAt: Time.optional().describe('Lets a failed one wait again.'),
    text: Text.optional(),
    mentions: MentionInputs.nullable().optional(),
    custom: Custom.nullable().optional(),
    ifVersion: Seq.optional().describe('Refuse when it changed since this version.'),
  }),
  output: z.object({ scheduled: ScheduledMessage }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'message.not_found',
    'message.is_reply',
    'message.deleted',
    'message.system',
    'user.unreachable',
    'scheduled.not_found',
    'scheduled.sent',
    'scheduled.version_conflict',
  ],
})

export const cancelScheduled = operation({
  name: 'scheduled.cancel',
  summary: 'Takes a scheduled message back. Cancelling twice is one cancelling.',
  rest: { method: 'DELETE', path: address },
  socket: true,
  callers: ['user'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject(place),
  output: z.object({}),
  errors: ['scheduled.not_found', 'scheduled.sent'],
})

export const scheduledSaved = event({
  name: 'scheduled.saved',
  stream: 'user',
  summary: 'The user scheduled a message or changed it, on whatever device, or its send failed.',
  data: z.object({ scheduled: ScheduledMessage }),
})

export const scheduledEnded = event({
  name: 'scheduled.ended',
  stream: 'user',
  summary: 'A scheduled message was sent or cancelled, or had failed long ago.',
  data: z.object({
    ...place,
    end: z.discriminatedUnion('reason', [
      z.object({ reason: z.literal('sent'), messageId: Id, seq: Seq }),
      z.object({ reason: z.literal('cancelled') }),
      z.object({ reason: z.literal('forgotten') }),
    ]),
  }),
})

export const scheduledOperations = [
  createScheduled,
  listScheduled,
  updateScheduled,
  cancelScheduled,
] as const
export const scheduledEvents = [scheduledSaved, scheduledEnded] as const
