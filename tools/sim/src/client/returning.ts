import { type CloseCode, closeCodes } from '@tertulia/protocol'
import { BackOff } from './backOff.ts'
import type { Surroundings, Timer } from './surroundings.ts'

export type Return =
  | { readonly kind: 'stop' }
  | { readonly kind: 'return'; readonly ms: number; readonly syncFirst: boolean }

const CALM_MS = 60_000
const DRAIN_WINDOW = [0, 10_000] as const

/** Decides when to come back after a connection ended (section 13). */
export class Returning {
  readonly #surroundings: Pick<Surroundings, 'after' | 'fraction' | 'now'>
  readonly #backOff: BackOff
  #window: readonly [number, number] | null = null
  #calm: Timer | null = null
  #gaveUpAt = Number.NEGATIVE_INFINITY

  constructor(surroundings: Pick<Surroundings, 'after' | 'fraction' | 'now'>) {
    this.#surroundings = surroundings
    this.#backOff = new BackOff(() => surroundings.fraction())
  }

  /** The back-off starts anew only after a calm minute: a server that closes at once would be called in a loop. */
  welcomed(): void {
    this.#calm = this.#surroundings.after(CALM_MS, () => this.#backOff.reset())
  }

  bye(window: readonly [number, number]): void {
    this.#window = window
  }

  /** A connection was left behind. What it had sent may still arrive. */
  gaveUp(): void {
    this.#gaveUpAt = this.#surroundings.now()
  }

  ended(): void {
    this.#calm?.cancel()
  }

  after(code: number): Return {
    const { fraction } = this.#surroundings
    const [low, high] = this.#window ?? DRAIN_WINDOW
    this.#window = null
    switch (this.#adviceOf(code)) {
      case 'stop':
        return { kind: 'stop' }
      case 'reconnect_in_window':
        return { kind: 'return', ms: low + fraction() * (high - low), syncFirst: false }
      case 'sync_first':
        return { kind: 'return', ms: this.#backOff.next(), syncFirst: true }
      case 'back_off':
        return { kind: 'return', ms: this.#backOff.next({ cap: 60_000 }), syncFirst: false }
      case 'reconnect':
      case 'fetch_token':
        return { kind: 'return', ms: this.#backOff.next(), syncFirst: false }
    }
  }

  #adviceOf(code: number): (typeof closeCodes)[CloseCode]['client'] {
    const known = closeCodes[code as CloseCode]
    // The one that took over may be an own connection that was given up and whose hello was late.
    if (code === 4409 && this.#surroundings.now() - this.#gaveUpAt < CALM_MS) return 'reconnect'
    if (known) return known.client
    if (code === 1006) return 'reconnect'
    return code >= 4400 && code < 4500 ? 'stop' : 'back_off'
  }
}
