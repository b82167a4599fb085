/** Numbers that look random and are the same for the same seed. */
export interface Chance {
  /** A whole number from 0 to below `bound`. */
  below(bound: number): number
  /** One of them; undefined of none. */
  oneOf<Item>(items: readonly Item[]): Item | undefined
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  // A step of Weyl's sequence, then a mix: good enough to choose what happens next.
  const next = (): number => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  const below = (bound: number) => next() % bound
  return { below, oneOf: (items) => items[below(Math.max(1, items.length))] }
}
