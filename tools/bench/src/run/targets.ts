import { figureOf, type Ledger } from './figures.ts'

export type Bound = { readonly atMost: number } | { readonly atLeast: number }

/** What a bench must reach: a figure itself, or its ratio to another figure of the same round. */
export type Target =
  | { readonly kind: 'figure'; readonly of: string; readonly bound: Bound }
  | { readonly kind: 'ratio'; readonly of: string; readonly to: string; readonly bound: Bound }

export interface Verdict {
  readonly what: string
  /** One value per round. */
  readonly runs: readonly number[]
  readonly median: number
  readonly bound: string
  readonly met: boolean
}

/** Judges by the median of the rounds. Figures that were skipped are left out. */
export function judge(ledger: Ledger, targets: readonly Target[]): Verdict[] {
  return targets
    .filter(
      (target) => ledger.has(target.of) && (target.kind === 'figure' || ledger.has(target.to)),
    )
    .map((target) => verdictOn(ledger, target))
}

function verdictOn(ledger: Ledger, target: Target): Verdict {
  const what = target.kind === 'figure' ? target.of : `${target.of} / ${target.to}`
  const values = target.kind === 'figure' ? ledger.runsOf(target.of) : ratios(ledger, target)
  const { runs, median } = figureOf(what, '', values)
  const { bound } = target
  return 'atMost' in bound
    ? { what, runs, median, bound: `<= ${bound.atMost}`, met: median <= bound.atMost }
    : { what, runs, median, bound: `>= ${bound.atLeast}`, met: median >= bound.atLeast }
}

function ratios(ledger: Ledger, { of, to }: Target & { kind: 'ratio' }): number[] {
  const others = ledger.runsOf(to)
  return ledger.runsOf(of).map((value, round) => value / (others[round] ?? Number.NaN))
}
