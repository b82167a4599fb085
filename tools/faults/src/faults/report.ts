import type { Violation } from '../history/violation.ts'

/** What a fault run found. It passed when nothing was violated; the figures tell what it was worth. */
export interface Report {
  readonly fault: string
  readonly figures: Readonly<Record<string, number>>
  readonly violations: readonly string[]
}

export const sentenceOf = ({ invariant, channel, what }: Violation): string =>
  `${invariant} in ${channel}: ${what}`

/** A condition of one run, beside the invariants of all runs. */
export const unless = (kept: boolean, sentence: string): readonly string[] =>
  kept ? [] : [sentence]

/** The longest time that a server may take from its start until it is ready. */
const READY_MS = 5000

export const checkReady = (readyMs: readonly number[]): readonly string[] =>
  readyMs.flatMap((ms) =>
    unless(ms <= READY_MS, `a start took ${Math.round(ms)} ms until it was ready`),
  )
