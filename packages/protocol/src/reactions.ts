import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import {
  Epoch,
  FORBIDDEN_KEYS,
  Id,
  PageCursor,
  PageLimit,
  Seq,
  Time,
  UserId,
  utf8Bytes,
} from './scalars.ts'
import { STORABLE, storable, VISIBLE } from './unicode.ts'
import { User } from './users.ts'

/** The joiner of emoji, and the tags of the flags of England, Scotland and Wales. */
const PART_OF_EMOJI = /[\u200D\u{E0020}-\u{E007F}]/gu
/** What nobody sees, or everybody sees differently. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Z}]/u
/** Unicode has room for emoji that this program does not know yet. */
const SEEN = /\p{Extended_Pictographic}/u

/** What somebody reacts with: an emoji or a name that the app knows a picture for, byte-exact. */
export const ReactionEmoji = z
  .string()
  .min(1)
  .max(LIMITS.reactionBytes)
  .refine(storable, STORABLE)
  .refine(
    (emoji) => utf8Bytes(emoji) <= LIMITS.reactionBytes,
    `must be at most ${LIMITS.reactionBytes} bytes`,
  )
  .refine(
    (emoji) =>
      (VISIBLE.test(emoji) || SEEN.test(emoji)) && !UNSEEN.test(emoji.replace(PART_OF_EMOJI, '')),
    'must be visible, without spaces and control characters',
  )
  .refine((emoji) => !FORBIDDEN_KEYS.has(emoji), 'must not be a key that objects have anyway')
  .meta({
    id: 'ReactionEmoji',
    description: 'An emoji, or a name for a picture of the app, in at most 64 bytes of UTF-8.',
    examples: ['👍'],
  })

/** How often, by emoji. Where everybody reacts at most once with each, how many people. */
export const ReactionCounts = z
  .record(z.string(), z.int().min(1))
  .meta({ id: 'ReactionCounts', description: 'How often a message got each emoji.' })

export type ReactionCounts = z.infer<typeof ReactionCounts>

/** The reactions of one message, without its content. */
export const MessageReactions = z
  .object({
    messageId: Id,
    messageSeq: Seq.describe('The place of the message in its channel.'),
    reactions: ReactionCounts,
    reactionsVersion: Seq.describe('The seq of the last change of its reactions.'),
  })
  .meta({ id: 'MessageReactions' })

export type MessageReactions = z.infer<typeof MessageReactions>

/** The own reactions by the id of the message. Messages without one are left out. */
export const OwnReactions = z
  .record(z.string(), ReactionCounts)
  .meta({ id: 'OwnReactions', description: 'The own reactions, by the id of the message.' })

export type OwnReactions = z.infer<typeof OwnReactions>

const ofMessage = { channelId: Id, messageId: Id }
const ReactingUser = UserId.optional().describe('For servers: who reacts. Refused for users.')

const Answer = MessageReactions.extend({
  own: ReactionCounts.describe('What the one who reacted has on this message now.'),
  epoch: Epoch.describe('The history that the seqs belong to.'),
})

export const addReaction = operation({
  name: 'reaction.add',
  summary: 'Reacts to a message. The same reaction again changes nothing.',
  rest: {
    method: 'PUT',
    path: '/v1/channels/{channelId}/messages/{messageId}/reactions/{emoji}',
  },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({
    ...ofMessage,
    emoji: ReactionEmoji,
    score: z
      .int()
      .min(1)
      .max(LIMITS.reactionScore)
      .default(1)
      .describe('How often in all, where the channel type lets people react many times.'),
    userId: ReactingUser,
  }),
  output: Answer,
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'message.not_found',
    'message.deleted',
    'message.system',
    'reaction.limit',
    'user.not_found',
    'user.unreachable',
  ],
})

export const removeReaction = operation({
  name: 'reaction.remove',
  summary: 'Takes a reaction back. What is not there is gone already.',
  rest: {
    method: 'DELETE',
    path: '/v1/channels/{channelId}/messages/{messageId}/reactions/{emoji}',
  },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({ ...ofMessage, emoji: ReactionEmoji, userId: ReactingUser }),
  output: Answer,
  errors: [
    'channel.not_found',
    'channel.disabled',
    'channel.frozen',
    'message.not_found',
    'message.deleted',
    'message.system',
    'user.not_found',
  ],
})

export const listReactions = operation({
  name: 'reaction.list',
  summary:
    'Who reacted to a message with what, in pages: by emoji, then in the order of joining the app.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/messages/{messageId}/reactions' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    ...ofMessage,
    emoji: ReactionEmoji.optional(),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({
    reactions: z.array(
      z.object({ emoji: z.string(), score: z.int().min(1), at: Time, user: User }),
    ),
    next: PageCursor.nullable(),
  }),
  errors: ['channel.not_found', 'channel.disabled', 'message.not_found'],
})

export const ReactionChange = z
  .object({
    userId: UserId,
    emoji: z.string(),
    score: z.int().min(0).describe('How often this user reacts with it now; 0 for not any more.'),
  })
  .meta({ id: 'ReactionChange' })

export const reactionChanged = event({
  name: 'reaction.changed',
  stream: 'channel',
  summary: 'Reactions of a message changed. Changes of a busy message come together, as one event.',
  data: MessageReactions.extend({
    changes: z.array(ReactionChange).describe('What people did, in order.'),
    omitted: z.int().min(0).describe('Changes before these that are left out.'),
  }),
})

export const reactionOperations = [addReaction, removeReaction, listReactions] as const
export const reactionEvents = [reactionChanged] as const
