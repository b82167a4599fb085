import type { Windowing } from '../ports/product.ts'

const SECOND = 1000
/** A clock that is further back than this was set back; one that is nearer is another node's, a little behind. */
const SET_BACK_MS = 10_000

/**
 * Chooses which events of a flood are told: never more than so many within a second. It goes by their stored times and
 * their order alone, so all nodes that hear the same choose the same.
 */
export class Sampler {
  readonly #perWindow: number
  readonly #windowMs: number
  /** The times of the last ones that were told, as many as may be within a second; the oldest is at `#oldest`. */
  readonly #toldAt: number[]
  #oldest = 0
  #now = Number.NEGATIVE_INFINITY
  #omittedAt = Number.NEGATIVE_INFINITY
  #window = Number.NEGATIVE_INFINITY
  #toldInWindow = 0

  constructor({ ms, shownPerSecond }: { readonly ms: number; readonly shownPerSecond: number }) {
    this.#windowMs = ms
    this.#perWindow = (shownPerSecond * ms) / SECOND
    this.#toldAt = Array(shownPerSecond).fill(Number.NEGATIVE_INFINITY)
  }

  /** Whether the next event is told. */
  tells(at: number): boolean {
    this.#move(at)
    const oldest = this.#toldAt[this.#oldest] ?? Number.POSITIVE_INFINITY
    const tells = oldest <= this.#now - SECOND && !(this.#isFlood() && this.#hadItsShare())
    if (tells) this.#note()
    else this.#omittedAt = this.#now
    return tells
  }

  #move(at: number): void {
    if (at < this.#now - SET_BACK_MS) {
      this.#toldAt.fill(Number.NEGATIVE_INFINITY)
      this.#omittedAt = Number.NEGATIVE_INFINITY
      this.#now = at
    } else this.#now = Math.max(this.#now, at)
    const window = Math.floor(this.#now / this.#windowMs)
    if (window !== this.#window) this.#toldInWindow = 0
    this.#window = window
  }

  #note(): void {
    this.#toldAt[this.#oldest] = this.#now
    this.#oldest = (this.#oldest + 1) % this.#toldAt.length
    this.#toldInWindow++
  }

  #isFlood = (): boolean => this.#omittedAt > this.#now - SECOND

  /** While too much comes, each window gets its share: else a second would begin with all, and go on with nothing. */
  #hadItsShare(): boolean {
    const upTo = (window: number) => Math.floor(window * this.#perWindow)
    return this.#toldInWindow >= upTo(this.#window + 1) - upTo(this.#window)
  }
}

/** Null where everything is told. */
export const samplerFor = ({ ms, shownPerSecond }: Windowing): Sampler | null =>
  shownPerSecond === null ? null : new Sampler({ ms, shownPerSecond })
