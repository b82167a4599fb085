import { type CloseCode, closeCodes } from '@tertulia/protocol'
import { BackOff } from './backOff.ts'
import type { Surroundings, Timer } from './surroundings.ts'

export type Return =
  | { readonly kind: 'stop' }
  | {
      readonly kind: 'return'
      readonly ms: number
      readonly syncFirst: boolean
      readonly fetchToken: boolean
    }

type Advice = (typeof closeCodes)[CloseCode]['client']

const CALM_MS = 60_000
/** Tokens that were refused one after another (CLOSE-4). */
const MOST_REFUSED = 3
const DRAIN_WINDOW = [0, 10_000] as const

/** Decides when to come back after a connection ended (section 13). */
export class Returning {
  readonly #surroundings: Pick<Surroundings, 'after' | 'fraction' | 'now'>
  readonly #backOff: BackOff
  #window: readonly [number, number] | null = null
  #calm: Timer | null = null
  #refused = 0
  #gaveUpAt = Number.NEGATIVE_INFINITY

  constructor(surroundings: Pick<Surroundings, 'after' | 'fraction' | 'now'>) {
    this.#surroundings = surroundings
    this.#backOff = new BackOff(() => surroundings.fraction())
  }

  /** The back-off starts anew only after a calm minute: a server that closes at once would be called in a loop. */
  welcomed(): void {
    this.#refused = 0
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
    const advice = this.#adviceOf(code)
    const fetchToken = advice === 'fetch_token'
    this.#refused = fetchToken ? this.#refused + 1 : this.#refused
    if (advice === 'stop' || (fetchToken && this.#refused >= MOST_REFUSED)) return { kind: 'stop' }
    const ms = advice === 'reconnect_in_window' ? this.#inWindow() : this.#backedOff(advice)
    return { kind: 'return', ms, syncFirst: advice === 'sync_first', fetchToken }
  }

  #backedOff(advice: Advice): number {
    return this.#backOff.next(advice === 'back_off' ? { cap: 60_000 } : {})
  }

  #inWindow(): number {
    const [low, high] = this.#window ?? DRAIN_WINDOW
    this.#window = null
    return low + this.#surroundings.fraction() * (high - low)
  }

  #adviceOf(code: number): Advice {
    const known = closeCodes[code as CloseCode]
    // The one that took over may be an own connection that was given up and whose hello was late.
    if (code === 4409 && this.#surroundings.now() - this.#gaveUpAt < CALM_MS) return 'reconnect'
    if (known) return known.client
    if (code === 1006) return 'reconnect'
    return code >= 4400 && code < 4500 ? 'stop' : 'back_off'
  }
}
