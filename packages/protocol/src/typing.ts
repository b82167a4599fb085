import { z } from 'zod'
import { Id, UserId } from './scalars.ts'

/** What a client says of its own user, without waiting for an answer. */
export const ClientTypingFrame = z
  .strictObject({
    type: z.literal('typing'),
    channel: Id,
    active: z.boolean(),
  })
  .meta({ id: 'ClientTypingFrame', description: 'The own user types now, or does not any more.' })

export const TypingFrame = z
  .object({
    type: z.literal('typing'),
    channel: Id,
    users: z.array(UserId).describe('Who types now, who began first before the others.'),
    count: z.int().min(0).describe('How many type now, with those who are not named.'),
  })
  .meta({ id: 'TypingFrame', description: 'Who types in a channel of interest `full`.' })
export type TypingFrame = z.infer<typeof TypingFrame>
