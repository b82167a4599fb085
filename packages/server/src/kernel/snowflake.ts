/** 2025-01-01T00:00:00Z, the zero of our ids. */
export const ID_EPOCH_MS = 1_735_689_600_000
const COUNTER_BITS = 12n
const NODE_BITS = 10n
const COUNTER_MAX = (1 << Number(COUNTER_BITS)) - 1

export interface IdSource {
  /** A new id: above every id that this source gave before. */
  next(): string
  /** The highest ms (since the id epoch) of any id given so far. */
  highest(): number
}

/**
 * 64-bit ids: 41 bits of ms, 10 of node, 12 of counter. The clock only pushes forward: when it steps back, or a ms is
 * used up, the source counts on from where it was. So ids are unique whatever the clock does, and `floor` (what
 * the holder of this node id before us may have used) carries that over restarts.
 */
export function createIdSource(node: number, floor: number, now: () => number): IdSource {
  let ms = floor
  // The floor itself counts as used up.
  let counter = COUNTER_MAX
  return {
    next() {
      const today = now() - ID_EPOCH_MS
      if (today > ms) {
        ms = today
        counter = 0
      } else if (counter < COUNTER_MAX) counter++
      else {
        ms++
        counter = 0
      }
      return String(
        (BigInt(ms) << (NODE_BITS + COUNTER_BITS)) |
          (BigInt(node) << COUNTER_BITS) |
          BigInt(counter),
      )
    },
    highest: () => ms,
  }
}
