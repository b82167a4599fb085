import { ChatError } from '@tertulia/protocol'
import {
  StoreAwayError,
  StoreBrokenError,
  StoreConflictError,
  StoreFullError,
} from '../store/engine.ts'
import { DatabaseError } from './databaseError.ts'

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
    return new StoreBrokenError(
      'The database found damaged data. What it says cannot be trusted any more. Restore a backup of it.',
      { cause: error },
    )
  if (AWAY.has(code) || AWAY_CLASSES.has(code.slice(0, 2)) || isLost(error))
    return new StoreAwayError('The database cannot be reached or is too slow.', { cause: error })
  return error
}

/** What whoever names a database is told. `place` is where it is, without a password. */
export function operatorsError(error: unknown, place: string): unknown {
  if (error instanceof DatabaseError) return error
  const cause = named(error)
  const advice = ADVICE[codeOf(error)] ?? ADVICE[codeOf(error).slice(0, 2)]
  if (advice === undefined && !(cause instanceof StoreAwayError)) return cause
  return unusable(error, place, advice)
}

/** Whoever does not even get in has no use for the words of the engine. */
export const connectError = (error: unknown, place: string): DatabaseError =>
  unusable(error, place, ADVICE[codeOf(error)] ?? ADVICE[codeOf(error).slice(0, 2)])

function unusable(error: unknown, place: string, advice = AWAY_ADVICE): DatabaseError {
  // Several addresses that were tried in vain have a code and no message.
  const said = error instanceof Error && error.message !== '' ? error.message : codeOf(error)
  return new DatabaseError(
    `The database ${place} cannot be used: ${said}. Nothing was done. ${advice}`,
    { cause: error },
  )
}

const AWAY_ADVICE = 'Look whether it runs, and whether it is reached from here under this address.'

const ADVICE: Readonly<Record<string, string>> = {
  '3D': 'Make it, as the superuser: CREATE DATABASE name OWNER role.',
  '28': 'Look at the user and the password in the address, and at pg_hba.conf of the database.',
  '42501': 'Make the role the owner of the database: ALTER DATABASE name OWNER TO role.',
}

/** Host and database of an address. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
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
