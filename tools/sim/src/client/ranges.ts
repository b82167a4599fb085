/** A piece of a channel: every visible message with a seq from `low` to `high` is in the store. */
export interface Range {
  readonly low: number
  readonly high: number
}

/** The pieces of one channel that are complete (rules RANGE-1 to RANGE-8). */
export class Ranges {
  /** Ends at the cursor; null before the first answer. */
  newest: Range | null = null
  /** Complete and in the present state, disjoint, below the newest. */
  older: readonly Range[] = []
  /** Complete once; messages in them may have changed since. */
  stale: readonly Range[] = []

  /** The newest range grows to a position. */
  extendTo(seq: number): void {
    if (this.newest) this.newest = { low: this.newest.low, high: Math.max(this.newest.high, seq) }
  }

  /** Something at or below a position was left out: the newest range begins anew above it. */
  skipTo(seq: number): void {
    if (!this.newest) return
    if (this.newest.low <= this.newest.high) this.older = [...this.older, this.newest]
    this.newest = { low: seq + 1, high: seq }
  }

  /** A reset begins a new newest range; what was there is stale. */
  startOver(newest: Range): void {
    const before = this.newest ? [this.newest] : []
    this.stale = without([...this.stale, ...this.older, ...before], newest)
    this.older = []
    this.newest = newest
  }

  dropAll(): void {
    this.newest = null
    this.older = []
    this.stale = []
  }

  /** A page of history, as it is now. Its end is cut down to the cursor. */
  addPage({ low, high }: Range): void {
    if (!this.newest) return
    let page = { low, high: Math.min(high, this.newest.high) }
    if (page.low > page.high) return
    this.stale = without(this.stale, page)
    const apart: Range[] = []
    for (const range of this.older) {
      if (touch(range, page)) page = union(range, page)
      else apart.push(range)
    }
    if (touch(this.newest, page)) this.newest = union(this.newest, page)
    else apart.push(page)
    this.older = apart
  }

  /** Where every visible message must be known in its present state. */
  complete(): readonly Range[] {
    return this.newest ? [...this.older, this.newest] : []
  }
}

const touch = (one: Range, other: Range): boolean =>
  one.low <= other.high + 1 && other.low <= one.high + 1

const union = (one: Range, other: Range): Range => ({
  low: Math.min(one.low, other.low),
  high: Math.max(one.high, other.high),
})

function without(ranges: readonly Range[], taken: Range): Range[] {
  return ranges.flatMap(({ low, high }) =>
    [
      { low, high: Math.min(high, taken.low - 1) },
      { low: Math.max(low, taken.high + 1), high },
    ].filter((piece) => piece.low <= piece.high && piece.low >= low && piece.high <= high),
  )
}
