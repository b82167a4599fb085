/** Whether a browser page of this origin may use the server. */
export type AllowsOrigin = (origin: string) => boolean

export interface OriginRule {
  /** Exact origins such as `https://app.example`; `*` allows every one, which `start` refuses as unsafe. */
  readonly allowed: readonly string[]
  /** In development pages on this machine may use the server, whatever their port. */
  readonly loopback: boolean
}

const LOOPBACK = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/

/** Exact comparison, on REST and on WebSocket alike: no patterns, no suffixes, and `null` is never allowed. */
export function createAllowsOrigin({ allowed, loopback }: OriginRule): AllowsOrigin {
  const exact = new Set(allowed)
  const every = exact.delete('*')
  return (origin) =>
    origin !== 'null' && (every || exact.has(origin) || (loopback && LOOPBACK.test(origin)))
}
