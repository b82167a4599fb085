import type { Limits } from '@tertulia/protocol'
import type { Timer, Timers } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'

export interface ReadinessOptions {
  /** Why this node should get no work now, in words for an operator; empty when it should. It may take for ever. */
  readonly ask: () => Promise<readonly string[]>
  readonly timers: Timers
  readonly limits: Pick<Limits, 'healthMs' | 'healthEveryMs'>
  readonly log: Log
}

const TOO_SLOW: readonly string[] = ['the store does not answer in time']

/**
 * Whether this node should get work. Whoever asks has an answer in time, and the node asks itself now and then, so that
 * a change stands in the log once, whether anybody watches or not.
 */
export class Readiness {
  readonly #options: ReadinessOptions
  #asking: Promise<readonly string[]> | null = null
  #reasons: readonly string[] = []
  #timer: Timer | null = null
  #stopped = false

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  /** Looks now and then until stopped. */
  run(): void {
    this.#timer = this.#options.timers.after(this.#options.limits.healthEveryMs, () => {
      void this.look().then(() => {
        if (!this.#stopped) this.run()
      })
    })
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
  }

  /** Why this node should get no work. Never rejects. A store that hangs is asked once, whoever wants to know. */
  async look(): Promise<readonly string[]> {
    this.#asking ??= this.#options.ask().finally(() => {
      this.#asking = null
    })
    const reasons = await this.#inTime(this.#asking)
    this.#note(reasons)
    return reasons
  }

  #inTime(asking: Promise<readonly string[]>): Promise<readonly string[]> {
    const { timers, limits } = this.#options
    const { promise, resolve } = Promise.withResolvers<readonly string[]>()
    const timer = timers.after(limits.healthMs, () => resolve(TOO_SLOW))
    void asking
      .catch(() => ['the store does not answer'])
      .then((reasons) => {
        timer.cancel()
        resolve(reasons)
      })
    return promise
  }

  #note(reasons: readonly string[]): void {
    if (this.#stopped || reasons.join() === this.#reasons.join()) return
    if (reasons.length > 0) this.#options.log.error({ reasons }, 'not ready')
    else this.#options.log.info({}, 'ready again')
    this.#reasons = reasons
  }
}
