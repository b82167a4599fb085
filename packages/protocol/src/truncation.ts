import { z } from 'zod'
import { Channel } from './channels.ts'
import { event, operation } from './define.ts'
import { Id, Seq } from './scalars.ts'

export const truncateChannel = operation({
  name: 'channel.truncate',
  summary: 'Takes away everything that was said in a channel up to a seq, for everybody.',
  rest: { method: 'POST', path: '/v1/channels/{channelId}/truncate' },
  socket: true,
  callers: ['user', 'server'],
  rate: 'edit',
  retry: 'safe',
  input: z.strictObject({
    channelId: Id,
    upTo: Seq.optional().describe('The last seq that goes; the head when absent or above it.'),
  }),
  output: z.object({ channel: Channel }),
  errors: ['channel.not_found', 'channel.disabled'],
})

export const channelTruncated = event({
  name: 'channel.truncated',
  stream: 'channel',
  summary: 'Everything up to the floor of the channel is gone: drop it.',
  data: z.object({ channel: Channel }),
})

export const truncationOperations = [truncateChannel] as const
export const truncationEvents = [channelTruncated] as const
