import { z } from 'zod'
import { operation } from './define.ts'

export const Privacy = z
  .object({
    typing: z.boolean(),
    receipts: z.boolean(),
  })
  .meta({ id: 'Privacy', description: 'What a user lets others see of what they do.' })
export type Privacy = z.infer<typeof Privacy>

export const getPrivacy = operation({
  name: 'privacy.get',
  summary: 'What the own user lets others see.',
  rest: { method: 'GET', path: '/v1/users/me/privacy' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({}),
  output: z.object({ privacy: Privacy }),
  errors: [],
})

export const updatePrivacy = operation({
  name: 'privacy.update',
  summary: 'Changes what the own user lets others see.',
  rest: { method: 'PATCH', path: '/v1/users/me/privacy' },
  socket: true,
  callers: ['user'],
  rate: 'request',
  retry: 'safe',
  input: z.strictObject({
    typing: z.boolean().optional().describe('Whether others see that the user types.'),
    receipts: z
      .boolean()
      .optional()
      .describe('Whether others see how far messages came to the user.'),
  }),
  output: z.object({ privacy: Privacy }),
  errors: [],
})

export const privacyOperations = [getPrivacy, updatePrivacy] as const
