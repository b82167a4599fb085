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
const LONG_CAP_MS = 60_000
/** A token of the second in which tokens were revoked is refused, so it must be minted later (CLOSE-4). */
const NEXT_SECOND_MS = 1000
/** Tokens refused in a row after which the cap is the long one. */
const MANY_REFUSED = 3
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
    this.#calm = this.#surroundings.after(CALM_MS, () => {
      this.#backOff.reset()
      this.#refused = 0
    })
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
    if (fetchToken) this.#refused++
    if (advice === 'stop') return { kind: 'stop' }
    const ms = advice === 'reconnect_in_window' ? this.#inWindow() : this.#backedOff(advice)
    return { kind: 'return', ms, syncFirst: advice === 'sync_first', fetchToken }
  }

  #backedOff(advice: Advice): number {
    if (advice === 'back_off') return this.#backOff.next({ cap: LONG_CAP_MS })
    if (advice !== 'fetch_token' || this.#refused < 2) return this.#backOff.next({})
    const hint = NEXT_SECOND_MS
    return this.#backOff.next(this.#refused > MANY_REFUSED ? { hint, cap: LONG_CAP_MS } : { hint })
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
