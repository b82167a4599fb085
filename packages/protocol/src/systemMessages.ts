import { z } from 'zod'
import { LIMITS } from './limits.ts'
import { Id, Name, UserId } from './scalars.ts'

const by = UserId.nullable().describe('Who did it; null when the app did.')
const people = z.array(UserId).min(1).max(LIMITS.membersPerCall)

/** What a system message tells, never as words: a client says it in the language of its user. */
export const SystemNote = z
  .discriminatedUnion('event', [
    z.object({
      event: z.literal('joined'),
      userIds: people.describe('All of one call.'),
      by: by.describe('The only one of `userIds` for who joined alone; null for the app.'),
    }),
    z.object({
      event: z.literal('left'),
      userIds: people,
      by: by.describe('Somebody else when they were removed; null when the app did that.'),
    }),
    z.object({
      event: z.literal('renamed'),
      name: Name.nullable().describe('Null when the name was taken away.'),
      by,
    }),
    z.object({ event: z.literal('pinned'), messageId: Id, by }),
  ])
  .meta({ id: 'SystemNote', description: 'What was done in the channel, and by whom.' })

export type SystemNote = z.infer<typeof SystemNote>

export type SystemEvent = SystemNote['event']
