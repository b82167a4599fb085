import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Message } from './messages.ts'
import { OwnReactions } from './reactions.ts'
import { Id, PageCursor, PageLimit, Seq, Time, UserId } from './scalars.ts'

export const Pin = z
  .object({
    messageId: Id,
    messageSeq: Seq.describe('The place of the message in the channel.'),
    at: Time.describe('When it was pinned.'),
    by: UserId.nullable().describe('Who pinned it; null for the app itself.'),
  })
  .meta({ id: 'Pin', description: 'That a message is pinned in its channel.' })

export type Pin = z.infer<typeof Pin>

const ofMessage = { channelId: Id, messageId: Id }

const change = {
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
} as const

export const pinMessage = operation({
  ...change,
  name: 'message.pin',
  summary: 'Keeps a message at hand for everybody in the channel. Pinning twice is one pin.',
  rest: { method: 'PUT', path: '/v1/channels/{channelId}/messages/{messageId}/pin' },
  input: z.strictObject(ofMessage),
  output: z.object({ pin: Pin }),
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'message.not_found',
    'message.deleted',
    'message.system',
    'message.pin_limit',
    'user.unreachable',
  ],
})

export const unpinMessage = operation({
  ...change,
  name: 'message.unpin',
  summary: 'Takes the pin of a message away. What is not pinned stays so.',
  rest: { method: 'DELETE', path: '/v1/channels/{channelId}/messages/{messageId}/pin' },
  input: z.strictObject(ofMessage),
  output: z.object({}),
  errors: ['channel.not_found', 'channel.disabled', 'channel.frozen', 'message.not_found'],
})

export const listPinned = operation({
  name: 'message.listPinned',
  summary: 'The pinned messages of a channel, the one that was pinned last first.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/pinned' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id, limit: PageLimit, cursor: PageCursor.optional() }),
  output: z.object({
    pinned: z.array(z.object({ pin: Pin, message: Message })).max(LIMITS.pageItems),
    ownReactions: OwnReactions,
    next: PageCursor.nullable(),
  }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const messagePinned = event({
  name: 'message.pinned',
  stream: 'channel',
  summary: 'A message was pinned.',
  data: z.object({ pin: Pin }),
})
export const messageUnpinned = event({
  name: 'message.unpinned',
  stream: 'channel',
  summary: 'A message is not pinned any more. A deleted one loses its pin without this.',
  data: z.object({ messageId: Id, messageSeq: Seq }),
})

export const pinOperations = [pinMessage, unpinMessage, listPinned] as const
export const pinEvents = [messagePinned, messageUnpinned] as const
