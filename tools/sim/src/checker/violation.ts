/** A promise of the product was broken. `promise` is the number of the invariant, or a word. */
export class Violation extends Error {
  override readonly name = 'Violation'
  readonly promise: string

  constructor(promise: string, what: string) {
    super(`${promise}: ${what}`)
    this.promise = promise
  }
}

export function demand(holds: boolean, promise: string, what: () => string): asserts holds {
  if (!holds) throw new Violation(promise, what())
}
