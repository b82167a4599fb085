import { ChatError } from '@tertulia/protocol'
import {
  StoreAwayError,
  StoreBrokenError,
  StoreConflictError,
  StoreFullError,
} from '../store/engine.ts'

/** SQLSTATE codes (PostgreSQL, appendix A) that a transaction may get over by being run again. */
const CONFLICT = new Set([
  '23505', // unique_violation: somebody else made the same thing at the same moment
  '40001', // serialization_failure
  '40P01', // deadlock_detected
])
const FULL = new Set(['53100' /* disk_full */])
const CORRUPT = new Set(['XX001', 'XX002'])
/** Not broken, and not able either: too slow, out of connections, shutting down, or read-only after a switch-over. */
const AWAY = new Set(['55P03', '57014', '25006', '25P03', '53300', '53200', '53000', '53400'])
const AWAY_CLASSES = new Set(['08' /* connection */, '57' /* operator intervention */])

/** The server is read-only, or has closed the connection because it idled in a transaction. */
const SPOILING = new Set(['25006', '25P03'])

const codeOf = (error: unknown): string => {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}

/** A socket that failed has an error code of the system, such as ECONNRESET; the driver has sentences of its own. */
const isLost = (error: unknown): boolean =>
  /^E[A-Z]+$/.test(codeOf(error)) ||
  (error instanceof Error &&
    /terminated|timeout|not queryable|Connection ended|was closed/i.test(error.message))

/** The error in the words of the engine's contract; what is nobody's fault but ours stays as it is. */
export function named(error: unknown): unknown {
  if (error instanceof ChatError || error instanceof StoreBrokenError) return error
  const code = codeOf(error)
  if (CONFLICT.has(code))
    return new StoreConflictError('Another transaction was faster.', { cause: error })
  if (FULL.has(code))
    return new StoreFullError('The disk of the database is full.', { cause: error })
  if (CORRUPT.has(code))
    return new StoreBrokenError('The database found damaged data.', { cause: error })
  if (AWAY.has(code) || AWAY_CLASSES.has(code.slice(0, 2)) || isLost(error))
    return new StoreAwayError('The database cannot be reached or is too slow.', { cause: error })
  return error
}

/** Whether the connection is of no use any more: it is gone, or leads to a server that takes no writes. */
export function spoilsConnection(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return (
    SPOILING.has(code) ||
    AWAY_CLASSES.has(code.slice(0, 2)) ||
    isLost(error) ||
    spoilsConnection(error.cause)
  )
}
