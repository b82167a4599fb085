import { z } from 'zod'
import { operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Id, Time, UserId } from './scalars.ts'
import { HIDDEN, STORABLE, storable, VISIBLE } from './unicode.ts'

/** What a user writes about what they are doing. */
export const StatusText = z
  .string()
  .max(LIMITS.statusCharacters * 2)
  .refine(storable, STORABLE)
  .refine(
    (text) => [...text].length <= LIMITS.statusCharacters,
    `must be at most ${LIMITS.statusCharacters} characters`,
  )
  .refine((text) => text.trim() === text && VISIBLE.test(text), 'must be trimmed and visible')
  .refine((text) => !HIDDEN.test(text), 'must not hold control or direction characters')
  .meta({ id: 'StatusText', description: 'One line of at most 100 characters.' })

export const PresenceState = z
  .enum(['online', 'away', 'offline'])
  .meta({ id: 'PresenceState', description: 'Whether somebody is there.' })
export type PresenceState = z.infer<typeof PresenceState>

export const PresenceChoice = z
  .enum(['online', 'away', 'invisible'])
  .meta({ id: 'PresenceChoice', description: 'How a user wants to be seen.' })
export type PresenceChoice = z.infer<typeof PresenceChoice>

export const PresenceStatus = z
  .object({
    text: StatusText,
    until: Time.nullable().describe('When it ends; null for never.'),
  })
  .meta({ id: 'PresenceStatus', description: 'What somebody says about what they are doing.' })
export type PresenceStatus = z.infer<typeof PresenceStatus>

export const Presence = z
  .object({
    userId: UserId,
    state: PresenceState,
    lastActiveAt: Time.nullable(),
    status: PresenceStatus.nullable(),
  })
  .meta({ id: 'Presence', description: 'What others see of whether a user is there.' })
export type Presence = z.infer<typeof Presence>

export const OwnPresence = z
  .object({ choice: PresenceChoice, status: PresenceStatus.nullable() })
  .meta({ id: 'OwnPresence', description: 'How the own user wants to be seen.' })
export type OwnPresence = z.infer<typeof OwnPresence>

export const getPresence = operation({
  name: 'presence.get',
  summary: 'How the own user wants to be seen.',
  rest: { method: 'GET', path: '/v1/users/me/presence' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({}),
  output: z.object({ presence: OwnPresence }),
  errors: [],
})

export const setPresence = operation({
  name: 'presence.set',
  summary: 'Changes how the own user is seen, on all devices and until it is changed again.',
  rest: { method: 'PATCH', path: '/v1/users/me/presence' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    choice: PresenceChoice.optional(),
    status: z
      .strictObject({ text: StatusText, until: Time.nullable().default(null) })
      .nullable()
      .optional()
      .describe('`until` lies in the future, or is null or absent for a status without an end.'),
  }),
  output: z.object({ presence: OwnPresence }),
  errors: [],
})

export const watchPresence = operation({
  name: 'presence.watch',
  summary: 'Watches these users and nobody else on this connection; answers with their presence.',
  rest: null,
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    userIds: z
      .array(UserId)
      .max(LIMITS.presenceWatched)
      .refine((ids) => new Set(ids).size === ids.length, 'ids must differ'),
  }),
  output: z.object({ presences: z.array(Presence) }),
  errors: [],
})

export const countPresence = operation({
  name: 'presence.count',
  summary: 'About how many members of a large channel are online.',
  rest: null,
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id }),
  output: z.object({
    online: z
      .int()
      .min(0)
      .nullable()
      .describe('Null in a channel that is small enough to watch its people.'),
  }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const presenceOperations = [getPresence, setPresence, watchPresence, countPresence] as const

/** Somebody touched the app: answers to heartbeats alone say nothing about a person. */
export const ClientActiveFrame = z
  .strictObject({ type: z.literal('active') })
  .meta({ id: 'ClientActiveFrame', description: 'The own user does something now.' })

export const PresenceFrame = z
  .object({ type: z.literal('presence'), presences: z.array(Presence) })
  .meta({ id: 'PresenceFrame', description: 'Users of the watched ones whose presence changed.' })
