import { z } from 'zod'
import { event, operation } from './define.ts'
import { Id, Ordinal, Time } from './scalars.ts'

const Mute = z.object({
  until: Time.nullable().describe('When it ends by itself; null for never.'),
})

/** What a user chose about a channel for their own list and badge. */
export const Arrangement = z
  .object({
    muted: Mute.nullable().describe('Null, or an `until` that has passed: it is not muted.'),
    pinnedAt: Time.nullable().describe('Since when it is pinned; null when it is not.'),
    hiddenUpTo: Ordinal.nullable().describe(
      'It is hidden while the ordinal of the channel is not above this; null when it is not.',
    ),
    archivedAt: Time.nullable().describe('Since when it is archived; null when it is not.'),
  })
  .meta({ id: 'Arrangement', description: 'What a user chose about a channel, for themselves.' })

export type Arrangement = z.infer<typeof Arrangement>

export const arrangeChannel = operation({
  name: 'channel.arrange',
  summary: 'Mutes, pins, hides or archives a channel for the own user alone.',
  rest: { method: 'PATCH', path: '/v1/channels/{channelId}/arrangement' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    muted: z
      .strictObject({ until: Time.nullable().default(null) })
      .nullable()
      .optional()
      .describe('`until` lies in the future, or is null or absent for until further notice.'),
    pinned: z.boolean().optional(),
    hidden: z.boolean().optional().describe('Until the next message comes.'),
    archived: z.boolean().optional().describe('Until it is taken back.'),
  }),
  output: z.object({ arrangement: Arrangement }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const channelArranged = event({
  name: 'channel.arranged',
  stream: 'user',
  summary:
    'The user muted, pinned, hid or archived a channel, or took it back, on whatever device.',
  data: z.object({ channelId: Id, arrangement: Arrangement }),
})

export const arrangementOperations = [arrangeChannel] as const
export const arrangementEvents = [channelArranged] as const
