import { z } from 'zod'
import { operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Id, Seq, UserId } from './scalars.ts'
import { ReadState } from './unread.ts'

/** How far the messages of a channel came to one of its members. Both only grow. */
export const Receipt = z
  .object({
    userId: UserId,
    delivered: Seq.describe('A device of theirs holds everything up to here.'),
    read: Seq.describe('They have read everything up to here.'),
  })
  .meta({ id: 'Receipt' })

export type Receipt = z.infer<typeof Receipt>

export const readReceipt = operation({
  name: 'receipt.read',
  summary: 'The user has read a channel up to a seq, or to its head. It never goes back.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/read' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id, seq: Seq.optional() }),
  output: z.object({ read: ReadState }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const deliverReceipts = operation({
  name: 'receipt.deliver',
  summary: 'A device holds everything of these channels up to these seqs.',
  rest: { method: 'POST', path: '/v1/delivered' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channels: z
      .array(z.strictObject({ id: Id, seq: Seq }))
      .min(1)
      .max(LIMITS.batchItems)
      .refine((list) => new Set(list.map(({ id }) => id)).size === list.length, 'ids must differ'),
  }),
  output: z.object({}),
  errors: [],
})

export const listReceipts = operation({
  name: 'receipt.list',
  summary: 'How far the messages of a channel came to its members.',
  rest: { method: 'GET', path: '/v1/channels/{channelId}/receipts' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ channelId: Id }),
  output: z.object({
    on: z.boolean().describe('False where the channel type or its size has none.'),
    receipts: z.array(Receipt).describe('Of those who have any and do not hide theirs.'),
  }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const receiptOperations = [readReceipt, deliverReceipts, listReceipts] as const
