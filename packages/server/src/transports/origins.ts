import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

/** Whether a browser page of this origin may use the server. */
export type AllowsOrigin = (origin: string) => boolean

export interface OriginRule {
  /** Exact origins such as `https://app.example`; `*` allows every one, which `start` refuses as unsafe. */
  readonly allowed: readonly string[]
  /** In development pages on this machine may use the server, whatever their port. */
  readonly loopback: boolean
  /** Told of every origin that is not allowed. */
  readonly refused?: (origin: string) => void
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Exact comparison, on REST and on WebSocket alike: no patterns, no suffixes, and `null` is never allowed. */
export function createAllowsOrigin({ allowed, loopback, refused }: OriginRule): AllowsOrigin {
  const exact = new Set(allowed)
  const every = exact.delete('*')
  const allows = (origin: string) =>
    origin !== 'null' && (every || exact.has(origin) || (loopback && LOOPBACK.test(origin)))
  return (origin) => {
    const allowed = allows(origin)
    if (!allowed) refused?.(origin)
    return allowed
  }
}

const LOG_MS = 60_000
const SHOWN = 200

/** Says it in the log once a minute: a forgotten origin is the first thing that goes wrong behind a new domain. */
export function logRefusedOrigins(log: Log, clock: Clock): (origin: string) => void {
  let quietUntil = Number.NEGATIVE_INFINITY
  return (origin) => {
    if (clock.monotonic() < quietUntil) return
    quietUntil = clock.monotonic() + LOG_MS
    const fix = 'Add it to TERTULIA_ALLOWED_ORIGINS if it is a page of yours.'
    log.warn({ origin: origin.slice(0, SHOWN), fix }, 'a page of this origin was refused')
  }
}
