/** A number that every round of a bench measures once. */
export interface Figure {
  readonly name: string
  readonly unit: string
  /** One value per round, in order. */
  readonly runs: readonly number[]
  readonly median: number
  /** (largest - smallest) / median. */
  readonly spread: number
}

/** Gathers figures over the rounds of one bench. */
export class Ledger {
  readonly #units = new Map<string, string>()
  readonly #values = new Map<string, number[]>()

  note(name: string, unit: string, value: number): void {
    if (!Number.isFinite(value)) throw new Error(`${name} measured ${value}, which is no number.`)
    this.#units.set(name, unit)
    this.#values.set(name, [...(this.#values.get(name) ?? []), value])
  }

  runsOf(name: string): readonly number[] {
    const runs = this.#values.get(name)
    if (!runs) throw new Error(`Nothing was measured under the name ${name}.`)
    return runs
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  figures(): Figure[] {
    return [...this.#values].map(([name, runs]) =>
      figureOf(name, this.#units.get(name) ?? '', runs),
    )
  }
}

export function figureOf(name: string, unit: string, runs: readonly number[]): Figure {
  const middle = median(runs)
  const spread = middle === 0 ? 0 : (Math.max(...runs) - Math.min(...runs)) / Math.abs(middle)
  return { name, unit, runs: runs.map(rounded), median: rounded(middle), spread: rounded(spread) }
}

function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}

/** The value below which this share of the values lies, between two values by proportion. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort()
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (high - low) * (place - Math.floor(place))
}

/** Four significant digits: more would pretend a precision that no figure here has. */
const rounded = (value: number): number => Number(value.toPrecision(4))
