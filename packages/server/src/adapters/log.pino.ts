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

/** One JSON object per line on the standard output. Errors keep name, code and stack, without their details. */
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
  if (!(error instanceof Error)) return { name: 'unknown' }
  const { name, stack, cause } = error
  return {
    name,
    code: (error as { code?: unknown }).code,
    // The first line of a stack is the message, which may quote a value.
    stack: stack
      ?.split('\n')
      .filter((line) => /^\s+at /.test(line))
      .slice(0, 12),
    ...(cause === undefined ? {} : { cause: describe(cause) }),
  }
}
