import { z } from 'zod'
import { operation } from './define.ts'
import { LIMITS } from './limits.ts'
import { Time } from './scalars.ts'
import { ChannelCursor, ChannelSync } from './sync.ts'

/** How much of a channel a connection wants: everything, only bumps, or nothing. */
export const Interest = z.enum(['full', 'list', 'none']).meta({ id: 'Interest' })
export type Interest = z.infer<typeof Interest>

export const ChannelInterest = ChannelCursor.safeExtend({
  interest: Interest.default('full'),
}).meta({
  id: 'ChannelInterest',
})
export type ChannelInterest = z.infer<typeof ChannelInterest>

export const setInterest = operation({
  name: 'interest.set',
  summary: 'Changes what this connection wants of channels; answered like the channels of welcome.',
  rest: null,
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    channels: z
      .array(ChannelInterest)
      .min(1)
      .max(LIMITS.batchItems)
      .refine(
        (list) => new Set(list.map((entry) => entry.id)).size === list.length,
        'ids must differ',
      ),
  }),
  output: z.object({ channels: z.array(ChannelSync) }),
  errors: [],
})

export const renewSession = operation({
  name: 'session.renew',
  summary: 'Goes on with a new token of the same user, without a new connection.',
  rest: null,
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({ token: z.string().min(1).max(LIMITS.tokenBytes) }),
  output: z.object({ expiresAt: Time }),
  errors: ['token.too_long_lived', 'user.deactivated'],
})

export const createTicket = operation({
  name: 'ticket.create',
  summary: 'A ticket that opens one connection within 30 seconds, for `?ticket=`.',
  rest: { method: 'POST', path: '/v1/tickets' },
  socket: false,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({}),
  output: z.object({ ticket: z.string(), expiresAt: Time }),
  errors: [],
})

export const connectionOperations = [setInterest, renewSession, createTicket] as const
