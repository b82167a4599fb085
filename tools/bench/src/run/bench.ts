import type { Ledger } from './figures.ts'
import type { Target } from './targets.ts'

/** What somebody who starts a bench may choose. */
export interface Choices {
  /** How often everything is measured. */
  readonly runs: number
  /** `smoke` proves in seconds that the harness works; its figures mean nothing. */
  readonly size: 'full' | 'smoke'
  /** A folder with a store to use again, or null for a throw-away one. Only benches with big stores look at it. */
  readonly store: string | null
  /** Whether a contestant takes part, by its name: all of them unless a person asks for a few. */
  readonly wanted: (name: string) => boolean
  /** Waits for the machine to be idle, if it was told to. Called before every contestant. */
  readonly quiet: () => Promise<void>
}

/** One side-by-side measurement. */
export interface Bench {
  readonly name: string
  /** What is measured, in a few sentences, for the result. */
  readonly measures: string
  readonly targets: readonly Target[]
  /** Prepares what all rounds share. `await using` it: disposal removes everything. */
  open(choices: Choices): Promise<Course>
}

export interface Course extends AsyncDisposable {
  /** Numbers and switches under which the figures hold, raised limits among them. */
  readonly settings: Readonly<Record<string, unknown>>
  /** Measures every contestant once, one after another. */
  round(ledger: Ledger): Promise<void>
}
