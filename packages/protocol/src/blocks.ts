import { z } from 'zod'
import { event, operation } from './define.ts'
import { PageCursor, PageLimit, Time, UserId } from './scalars.ts'

export const BlockMode = z
  .enum(['oneWay', 'twoWay'])
  .meta({ id: 'BlockMode', description: 'Who hears nothing of whom.' })
export type BlockMode = z.infer<typeof BlockMode>

export const Block = z
  .object({
    userId: UserId.describe('Who is blocked.'),
    mode: BlockMode,
    blockedAt: Time.describe('Since when; another mode does not change it.'),
  })
  .meta({ id: 'Block', description: 'That the own user blocks somebody. Nobody else sees it.' })
export type Block = z.infer<typeof Block>

export const blockUser = operation({
  name: 'user.block',
  summary: 'Blocks a user, or changes how.',
  rest: { method: 'PUT', path: '/v1/users/me/blocks/{userId}' },
  socket: true,
  callers: ['user'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({ userId: UserId, mode: BlockMode.default('oneWay') }),
  output: z.object({ block: Block }),
  errors: ['user.not_found', 'block.limit'],
})

export const unblockUser = operation({
  name: 'user.unblock',
  summary: 'Blocks a user no more. Done as well when nobody of that id is blocked.',
  rest: { method: 'DELETE', path: '/v1/users/me/blocks/{userId}' },
  socket: true,
  callers: ['user'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({ userId: UserId }),
  output: z.object({}),
  errors: [],
})

export const listBlocks = operation({
  name: 'block.list',
  summary: 'Whom the own user blocks, the newest first.',
  rest: { method: 'GET', path: '/v1/users/me/blocks' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ limit: PageLimit, cursor: PageCursor.optional() }),
  output: z.object({ blocks: z.array(Block), next: PageCursor.nullable() }),
  errors: [],
})

export const userBlocked = event({
  name: 'user.blocked',
  stream: 'user',
  summary: 'The user blocked somebody, or changed how, on whatever device.',
  data: z.object({ block: Block }),
})

export const userUnblocked = event({
  name: 'user.unblocked',
  stream: 'user',
  summary: 'The user blocks somebody no more.',
  data: z.object({ userId: UserId }),
})

export const blockOperations = [blockUser, unblockUser, listBlocks] as const
export const blockEvents = [userBlocked, userUnblocked] as const
