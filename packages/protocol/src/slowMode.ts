import { z } from 'zod'
import { LIMITS } from './limits.ts'

const slowness = {
  seconds: z.int().min(1).max(LIMITS.slowSeconds),
  burst: z.int().min(1).max(LIMITS.slowBurst),
}

export const SlowMode = z
  .object(slowness)
  .meta({ id: 'SlowMode', description: 'How slowly each user may speak in a channel.' })
export type SlowMode = z.infer<typeof SlowMode>

export const SlowModeInput = z.strictObject(slowness)
