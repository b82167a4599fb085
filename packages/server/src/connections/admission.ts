import type { Limits } from '@tertulia/protocol'
import type { TokenBuckets } from '../kernel/tokenBuckets.ts'
import type { Random } from '../ports/clock.ts'
import type { Connection } from './connection.ts'

export type Admitted =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: string; readonly retryAfterMs: number }

export interface AdmissionOptions {
  readonly limits: Limits
  readonly buckets: TokenBuckets
  readonly random: Random
}

/** Decides who may connect before anything is known about them and before anything is read for them. */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #byAddress = new Map<string, number>()
  #unproven = 0
  closed = false

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  /** Sockets without a proven identity. */
  get unproven(): number {
    return this.#unproven
  }

  /** Takes a place among the handshakes. Ask once, right before the handshake is answered. */
  admit(address: string): Admitted {
    const { limits, buckets } = this.#options
    if (this.closed) return this.#refuse('the server is stopping')
    if (this.#unproven >= limits.unauthenticatedSockets)
      return this.#refuse('too many sockets without a hello')
    if (this.#countOf(address) >= limits.unauthenticatedPerAddress)
      return this.#refuse('too many sockets without a hello from this address')
    const taken = buckets.take('handshakes', {
      rate: limits.handshakesPerSecond,
      burst: limits.handshakesBurst,
    })
    return taken.ok ? taken : this.#refuse('too many handshakes')
  }

  /** The delay is drawn at random, so that those who are refused together do not return together. */
  #refuse(reason: string): Admitted {
    const { random, limits } = this.#options
    const retryAfterMs = 1000 + Math.floor(random.fraction() * limits.reconnectWindowMs)
    return { ok: false, reason, retryAfterMs }
  }

  entered({ caller }: Connection): void {
    if (!caller) return
    const address = caller.address
    this.#unproven++
    this.#byAddress.set(address, (this.#byAddress.get(address) ?? 0) + 1)
  }

  /** The connection proved who it is, or ended before. */
  left(connection: Connection): void {
    if (!connection.caller) return
    const address = connection.caller.address
    connection.caller = null
    this.#unproven--
    const count = (this.#byAddress.get(address) ?? 0) - 1
    if (count > 0) this.#byAddress.set(address, count)
    else this.#byAddress.delete(address)
  }

  #countOf(address: string): number {
    return this.#byAddress.get(address) ?? 0
  }
}
