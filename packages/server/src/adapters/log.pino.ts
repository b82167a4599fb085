import { type DestinationStream, pino } from 'pino'
import type { LogLevel } from '../config.ts'
import type { Log } from '../ports/log.ts'

/** Fields that hold an identity or content wherever they stand: never written, even by mistake. */
const SECRET_FIELDS = [
  'token',
  'ticket',
  'authorization',
  'secret',
  'apiKey',
  'key',
  'text',
  'input',
  'data',
  'frame',
]

/**
 * One JSON object per line on the standard output. Errors keep name, code and stack, without their details; those of the
 * store, the database and the system also say why.
 */
export function createPinoLog(level: LogLevel, destination?: DestinationStream): Log {
  const options = {
    level,
    base: null,
    redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`]), censor: '[hidden]' },
    serializers: { err: describe },
  }
  return destination ? pino(options, destination) : pino(options)
}

function describe(error: unknown): unknown {
  if (error === undefined) return undefined
  if (!(error instanceof Error)) return { name: 'unknown' }
  const { name, stack, cause } = error
  return {
    name,
    code: (error as { code?: unknown }).code,
    ...(isSafe(error) ? { reason: error.message } : {}),
    // The first line of a stack is the message, which may quote a value.
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12),
    ...(cause === undefined ? {} : { cause: describe(cause) }),
  }
}

/** Our own words about a store. */
const OURS = new Set(['StoreAwayError', 'StoreBrokenError', 'StoreConflictError', 'StoreFullError'])
/** Classes of SQLSTATE whose messages name connections, roles and resources, and never a value of a row. */
const SAFE_CLASSES = new Set(['08', '25', '28', '3D', '40', '53', '55', '57', '58', 'XX'])
/** The driver has no codes. */
const OF_THE_DRIVER =
  /^(Connection (terminated|ended)|timeout exceeded|Query read timeout|Client )/i

/** Whether the message of an error holds nothing that people wrote. */
function isSafe(error: Error): boolean {
  const { code, syscall, errcode } = error as {
    readonly code?: unknown
    readonly syscall?: unknown
    readonly errcode?: unknown
  }
  if (OURS.has(error.name) || typeof syscall === 'string' || typeof errcode === 'number')
    return true
  if (typeof code !== 'string') return OF_THE_DRIVER.test(error.message)
  return /^[0-9A-Z]{5}$/.test(code) && SAFE_CLASSES.has(code.slice(0, 2))
}
