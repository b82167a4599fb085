import { z } from 'zod'
import { operation } from './define.ts'
import { CustomEventData, Id } from './scalars.ts'

export const CustomEventName = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_.-]{0,63}$/)
  .meta({ id: 'CustomEventName', examples: ['poll.nudge'] })

export const sendCustomEvent = operation({
  name: 'event.send',
  summary: 'Tells everybody who watches the channel now; never stored, may be lost.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/events' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'event',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    name: CustomEventName,
    data: CustomEventData.default({}),
  }),
  output: z.object({}),
  errors: ['channel.not_found', 'channel.disabled', 'channel.frozen', 'user.unreachable'],
})

export const customEventOperations = [sendCustomEvent] as const
