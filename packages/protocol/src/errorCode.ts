import { z } from 'zod'
import { errorCodes } from './errors.ts'

/** A code of the one table, as it stands on the wire. */
export const Code = z
  .enum(errorCodes)
  .meta({ id: 'ErrorCode', description: 'A reason that a caller can act upon.' })
