import { z } from 'zod'
import { Id } from './scalars.ts'

export const WatchersFrame = z
  .object({
    type: z.literal('watchers'),
    channel: Id,
    count: z.int().min(0).describe('How many users watch it now, each of them once.'),
  })
  .meta({ id: 'WatchersFrame', description: 'How many watch a live channel of interest `full`.' })
export type WatchersFrame = z.infer<typeof WatchersFrame>
