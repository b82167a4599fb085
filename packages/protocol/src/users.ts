import { z } from 'zod'
import { event, operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Avatar, Custom, Name, NamePrefix, PageCursor, PageLimit, Time, UserId } from './scalars.ts'

export const User = z
  .object({
    id: UserId,
    name: Name,
    avatar: Avatar.nullable(),
    custom: Custom,
    createdAt: Time,
    updatedAt: Time,
    deactivatedAt: Time.nullable(),
  })
  .meta({ id: 'User', description: 'What people with a shared channel see of a user.' })

export const UserRecord = User.extend({
  privateCustom: Custom,
  tokensRevokedAt: Time.nullable(),
}).meta({ id: 'UserRecord', description: 'What servers see of a user.' })

export type User = z.infer<typeof User>
export type UserRecord = z.infer<typeof UserRecord>

/** In a change an absent field stays as it is and `null` clears it. */
const Profile = z.strictObject({
  name: Name.optional(),
  avatar: Avatar.nullable().optional(),
  custom: Custom.nullable().optional(),
})

export const upsertUsers = operation({
  name: 'user.upsert',
  summary: 'Creates users or changes them, all or none.',
  rest: { method: 'POST', path: '/v1/users' },
  socket: false,
  callers: ['server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    users: z
      .array(Profile.extend({ id: UserId, privateCustom: Custom.nullable().optional() }))
      .min(1)
      .max(LIMITS.batchItems)
      .refine(
        (users) => new Set(users.map((user) => user.id)).size === users.length,
        'ids must differ',
      ),
  }),
  output: z.object({ users: z.array(UserRecord) }),
  errors: [],
})

export const getUser = operation({
  name: 'user.get',
  summary: 'One user: public to people with a shared channel, with the private half to servers.',
  rest: { method: 'GET', path: '/v1/users/{userId}' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ userId: UserId }),
  output: z.object({ user: z.union([UserRecord, User]) }),
  errors: ['user.not_found'],
})

export const queryUsers = operation({
  name: 'user.query',
  summary: 'Users by id, or by the beginning of their name, of those that the caller may see.',
  rest: { method: 'GET', path: '/v1/users' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    ids: z.array(UserId).min(1).max(LIMITS.batchItems).optional(),
    name: NamePrefix.optional(),
    limit: PageLimit,
    cursor: PageCursor.optional(),
  }),
  output: z.object({ users: z.array(z.union([UserRecord, User])), next: PageCursor.nullable() }),
  errors: [],
})

export const updateUser = operation({
  name: 'user.update',
  summary: 'Changes the own profile.',
  rest: { method: 'PATCH', path: '/v1/users/me' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: Profile,
  output: z.object({ user: User }),
  errors: [],
})

export const deactivateUser = operation({
  name: 'user.deactivate',
  summary: 'Shuts a user out: connections close with 4403, tokens are refused, messages stay.',
  rest: { method: 'POST', path: '/v1/users/{userId}/deactivate' },
  socket: false,
  callers: ['server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ userId: UserId }),
  output: z.object({ user: UserRecord }),
  errors: ['user.not_found'],
})

export const reactivateUser = operation({
  name: 'user.reactivate',
  summary: 'Lets a deactivated user in again.',
  rest: { method: 'POST', path: '/v1/users/{userId}/reactivate' },
  socket: false,
  callers: ['server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ userId: UserId }),
  output: z.object({ user: UserRecord }),
  errors: ['user.not_found'],
})

export const revokeTokens = operation({
  name: 'user.revokeTokens',
  summary:
    'Refuses every token issued in or before this second; connections close with 4401 within a second.',
  rest: { method: 'POST', path: '/v1/users/{userId}/revoke-tokens' },
  socket: false,
  callers: ['server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ userId: UserId }),
  output: z.object({ user: UserRecord }),
  errors: ['user.not_found'],
})

export const userUpdated = event({
  name: 'user.updated',
  stream: 'user',
  summary: 'The own profile changed.',
  data: z.object({ user: User }),
})

export const userOperations = [
  upsertUsers,
  getUser,
  queryUsers,
  updateUser,
  deactivateUser,
  reactivateUser,
  revokeTokens,
] as const
export const userEvents = [userUpdated] as const
