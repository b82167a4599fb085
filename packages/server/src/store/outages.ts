import type { Limits } from '@tertulia/protocol'
import type { Clock } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { type Engine, StoreAwayError, StoreFullError } from './engine.ts'

export interface OutageOptions {
  readonly log: Log
  readonly clock: Pick<Clock, 'monotonic'>
  readonly limits: Pick<Limits, 'healthMs'>
}

/** The same engine, which logs when the store went and when it came back, and not each of those who asked meanwhile. */
export function logOutages(engine: Engine, options: OutageOptions): Engine {
  const away = new Outage('store away', 'store back', options)
  const full = new Outage('store full', 'store has room again', options)
  const failed = (error: unknown): never => {
    if (error instanceof StoreAwayError) away.failed(error)
    else if (error instanceof StoreFullError) full.failed(error)
    throw error
  }
  return {
    ...engine,
    async read(job) {
      const result = await engine.read(job).catch(failed)
      away.worked()
      return result
    },
    async write(job) {
      const result = await engine.write(job).catch(failed)
      away.worked()
      full.worked()
      return result
    },
  }
}

class Outage {
  readonly #began: string
  readonly #ended: string
  readonly #options: OutageOptions
  #since: number | null = null
  #latest = 0
  #failures = 0

  constructor(began: string, ended: string, options: OutageOptions) {
    this.#began = began
    this.#ended = ended
    this.#options = options
  }

  failed(error: Error): void {
    const now = this.#options.clock.monotonic()
    if (this.#since === null) {
      this.#since = now
      this.#failures = 0
      this.#options.log.error({ err: error }, this.#began)
    }
    this.#latest = now
    this.#failures++
  }

  /** While some still fail, it is not over. */
  worked(): void {
    if (this.#since === null) return
    const { clock, limits, log } = this.#options
    const now = clock.monotonic()
    if (now - this.#latest < limits.healthMs) return
    log.warn({ failures: this.#failures, ms: Math.round(now - this.#since) }, this.#ended)
    this.#since = null
  }
}
