import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Mention, MentionInputs } from './mentions.ts'
import { OwnReactions, ReactionCounts } from './reactions.ts'
import {
  ClientId,
  Custom,
  Epoch,
  Id,
  JsonObject,
  PageLimit,
  Seq,
  Text,
  Time,
  UserId,
} from './scalars.ts'
import { SystemNote } from './systemMessages.ts'

/** What the root of a thread shows of its replies. */
export const ThreadSummary = z
  .object({
    replies: z.int().min(0).describe('Replies that are not deleted.'),
    lastReplySeq: Seq.describe('The newest of them; 0 when there is none any more.'),
    lastReplyAt: Time.nullable(),
    faces: z
      .array(UserId)
      .max(LIMITS.threadFaces)
      .describe('Who replied last, the latest first, everybody once.'),
    version: Seq.describe('The seq of the last change of this summary.'),
  })
  .meta({ id: 'ThreadSummary' })

export type ThreadSummary = z.infer<typeof ThreadSummary>

export const MessageThread = ThreadSummary.extend({
  rootId: Id,
  rootSeq: Seq.describe('The place of the root in the channel.'),
}).meta({ id: 'MessageThread', description: 'The summary of a thread, without its root.' })

export type MessageThread = z.infer<typeof MessageThread>

export const Message = z
  .object({
    id: Id,
    channelId: Id,
    seq: Seq.describe('Its place in the channel, for ever.'),
    version: Seq.describe('The seq of its last change, reactions apart.'),
    clientId: ClientId.describe('Made by the sender: the identity of the message in every client.'),
    author: UserId.nullable().describe('Null when the app itself speaks, or the server.'),
    kind: z.enum(['text', 'system']),
    text: z.string().nullable().describe('Null in a tombstone and in a system message.'),
    system: SystemNote.optional().describe(
      'For every message of the kind `system` that is no tombstone, and for no other.',
    ),
    silent: z.literal(true).optional().describe('Sent so that it is never unread.'),
    quotedId: Id.optional(),
    threadRootId: Id.optional().describe('For a reply: the message that began the thread.'),
    alsoInChannel: z
      .literal(true)
      .optional()
      .describe('For a reply that stands in the channel too.'),
    thread: ThreadSummary.optional().describe('For the root of a thread.'),
    mentions: z.array(Mention),
    attachments: z.array(JsonObject).describe('Empty until files exist.'),
    reactions: ReactionCounts.describe('Empty in a tombstone.'),
    reactionsVersion: Seq.describe(
      'The seq of the last change of its reactions; 0 without one, and in a tombstone.',
    ),
    custom: Custom,
    createdAt: Time,
    editedAt: Time.optional(),
    deletedAt: Time.optional(),
  })
  .meta({ id: 'Message', description: 'A message, or with `deletedAt` the tombstone of one.' })

export type Message = z.infer<typeof Message>

export const MessagePreview = z
  .object({
    id: Id,
    seq: Seq,
    author: UserId.nullable(),
    text: z.string().nullable().describe('The first 200 UTF-16 units; null in a tombstone.'),
    createdAt: Time,
  })
  .meta({ id: 'MessagePreview', description: 'The newest message, as much as a list shows.' })

export type MessagePreview = z.infer<typeof MessagePreview>

/** So that a client knows to which history `seq` and `version` of the message belong. */
const OwnAnswer = z.object({
  message: Message,
  epoch: Epoch.describe('The history that `seq` and `version` belong to.'),
})

export const sendMessage = operation({
  name: 'message.send',
  summary: 'Stores a message once and tells the channel; the answer is the single check.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/messages', keyHeader: 'clientId' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'send',
  retry: 'keyed',
  input: z.strictObject({
    channelId: Id,
    clientId: ClientId,
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
    draftVersion: Seq.optional().describe(
      'The `version` of the own draft that is sent with this: it is deleted, unless it changed since. Refused for servers.',
    ),
    author: UserId.optional().describe(
      'For servers: who speaks; absent, the app itself. Refused for users.',
    ),
  }),
  output: OwnAnswer.extend({
    duplicate: z.boolean().describe('True when this client id had been stored before.'),
    nextInMs: z
      .int()
      .min(0)
      .describe('Time until slow mode takes the next message of the author; 0 for at once.'),
  }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'channel.slow_mode',
    'message.client_id_reused',
    'message.not_found',
    'message.is_reply',
    'message.deleted',
    'message.system',
    'message.truncated',
    'user.not_found',
    'message.here_limit',
    'user.unreachable',
  ],
})

export const editMessage = operation({
  name: 'message.edit',
  summary: 'Changes the own message; absent fields stay.',
  rest: { method: 'PATCH', path: '/v1/channels/{channelId}/messages/{messageId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    messageId: Id,
    text: Text.optional(),
    mentions: MentionInputs.nullable().optional(),
    custom: Custom.nullable().optional(),
    ifVersion: Seq.optional().describe('Refuse when the message changed since this version.'),
  }),
  output: OwnAnswer,
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'message.not_found',
    'message.version_conflict',
    'message.deleted',
    'message.system',
    'message.here_limit',
    'user.unreachable',
  ],
})

export const deleteMessage = operation({
  name: 'message.delete',
  summary:
    'Leaves a tombstone: text, mentions and custom fields go. Deleting twice is one deletion.',
  rest: { method: 'DELETE', path: '/v1/channels/{channelId}/messages/{messageId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({ channelId: Id, messageId: Id }),
  output: OwnAnswer,
  errors: ['channel.not_found', 'channel.disabled', 'message.not_found'],
})

export const getMessage = operation({
  name: 'message.get',
  summary: 'One message.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/messages/{messageId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id, messageId: Id }),
  output: z.object({ message: Message, ownReactions: OwnReactions }),
  errors: ['channel.not_found', 'channel.disabled', 'message.not_found'],
})

export const messageHistory = operation({
  name: 'message.history',
  summary:
    'Messages before, after or around a seq; the newest when none is named. Of a channel, or of one thread.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/messages' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z
    .strictObject({
      channelId: Id,
      before: Seq.optional(),
      after: Seq.optional(),
      around: Seq.optional(),
      threadRootId: Id.optional().describe('Only the replies in this thread.'),
      limit: PageLimit,
    })
    .refine(
      ({ before, after, around }) =>
        [before, after, around].filter((seq) => seq !== undefined).length <= 1,
      'name at most one of before, after and around',
    ),
  output: z.object({
    messages: z.array(Message).describe('By seq, oldest first.'),
    epoch: Epoch,
    through: Seq.describe('The head at which these rows were read.'),
    low: Seq.describe('The answer is complete for every seq from here …'),
    high: Seq.describe('… to here.'),
    hasOlder: z.boolean(),
    hasNewer: z.boolean(),
    ownReactions: OwnReactions,
  }),
  errors: ['channel.not_found', 'channel.disabled', 'message.not_found'],
})

export const messageCreated = event({
  name: 'message.created',
  stream: 'channel',
  summary: 'A message was stored.',
  data: z.object({ message: Message }),
})
export const messageEdited = event({
  name: 'message.edited',
  stream: 'channel',
  summary: 'A message changed; the whole new state.',
  data: z.object({ message: Message }),
})
export const messageDeleted = event({
  name: 'message.deleted',
  stream: 'channel',
  summary: 'A message became a tombstone.',
  data: z.object({ message: Message }),
})

export const messageOperations = [
  sendMessage,
  editMessage,
  deleteMessage,
  getMessage,
  messageHistory,
] as const
export const messageEvents = [messageCreated, messageEdited, messageDeleted] as const
