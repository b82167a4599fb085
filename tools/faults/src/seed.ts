/** Chance that can be had again: the same seed gives the same kills, pauses and client ids. */
export interface Chance {
  /** A number in [0, 1). */
  fraction(): number
  /** A whole number in [low, high]. */
  between(low: number, high: number): number
  pick<T>(items: readonly T[]): T
}

export function chanceOf(seed: number): Chance {
  let state = seed >>> 0
  const fraction = () => {
    state = (state + 0x9e3779b9) >>> 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32
  }
  const between = (low: number, high: number) => low + Math.floor(fraction() * (high - low + 1))
  return {
    fraction,
    between,
    pick: <T>(items: readonly T[]) => {
      const item = items[between(0, items.length - 1)]
      if (item === undefined) throw new RangeError('There is nothing to pick from.')
      return item
    },
  }
}

/** A UUIDv7 whose random part comes from the seed. */
export function newClientId(chance: Chance): string {
  const time = Date.now().toString(16).padStart(12, '0')
  const hex = (digits: number) =>
    chance
      .between(0, 16 ** digits - 1)
      .toString(16)
      .padStart(digits, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(3)}-8${hex(3)}-${hex(6)}${hex(6)}`
}
