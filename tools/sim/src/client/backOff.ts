/** Waiting times by the rules BACK-1 and BACK-2: full jitter, and a calm minute before it starts anew. */
export class BackOff {
  readonly #fraction: () => number
  #tries = 0

  constructor(fraction: () => number) {
    this.#fraction = fraction
  }

  /** ms before the next try. */
  next({ hint = 0, cap = 30_000 }: { readonly hint?: number; readonly cap?: number } = {}): number {
    this.#tries++
    return Math.max(hint, this.#fraction() * Math.min(cap, 1000 * 2 ** this.#tries))
  }

  reset(): void {
    this.#tries = 0
  }
}
