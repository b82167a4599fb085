import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { UserId } from './scalars.ts'

const Span = { start: z.int().min(0), length: z.int().min(1) }

const UserMention = { kind: z.literal('user'), userId: UserId, ...Span }
const ChannelMention = { kind: z.literal('channel'), ...Span }
const HereMention = { kind: z.literal('here'), ...Span }

/** Mentions are given by the client, never parsed from the text. Positions count UTF-16 units. */
export const Mention = z
  .discriminatedUnion('kind', [
    z.object(UserMention),
    z.object(ChannelMention),
    z.object(HereMention),
  ])
  .meta({
    id: 'Mention',
    description:
      'A span of the text that means a member, everybody in the channel, or those who are there.',
  })

/** The same as a client may say it: no other fields. */
export const MentionInput = z
  .discriminatedUnion('kind', [
    z.strictObject(UserMention),
    z.strictObject(ChannelMention),
    z.strictObject(HereMention),
  ])
  .meta({
    id: 'MentionInput',
    description: 'A mention as it is sent: `start` and `length` count UTF-16 units.',
  })

export type Mention = z.infer<typeof Mention>

/** Those of one text. */
export const MentionInputs = z.array(MentionInput).max(LIMITS.mentionsPerMessage)
