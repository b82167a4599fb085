import type { Bench, Choices } from './bench.ts'
import { type Figure, Ledger } from './figures.ts'
import { commit, load, type Machine, machine } from './machine.ts'
import { judge, type Verdict } from './targets.ts'

export interface Result {
  readonly bench: string
  readonly measures: string
  readonly command: string
  readonly size: Choices['size']
  readonly at: string
  readonly seconds: number
  readonly commit: string
  readonly machine: Machine
  readonly load: { readonly before: readonly number[]; readonly after: readonly number[] }
  readonly rounds: number
  readonly settings: Readonly<Record<string, unknown>>
  readonly targets: readonly Verdict[]
  readonly figures: readonly Figure[]
}

/** Runs a bench: everything once, then everything again, so that a change of the machine meets all alike. */
export async function perform(bench: Bench, choices: Choices): Promise<Result> {
  const begun = Date.now()
  const before = load()
  const ledger = new Ledger()
  await using course = await bench.open(choices)
  for (let round = 1; round <= choices.runs; round++) {
    if (choices.size === 'full') console.error(`${bench.name}: round ${round} of ${choices.runs}`)
    await course.round(ledger)
  }
  return {
    bench: bench.name,
    measures: bench.measures,
    command: `npm run bench -- ${bench.name} --runs ${choices.runs}`,
    size: choices.size,
    at: new Date(begun).toISOString(),
    seconds: Math.round((Date.now() - begun) / 1000),
    commit: commit(),
    machine: machine(),
    load: { before, after: load() },
    rounds: choices.runs,
    settings: course.settings,
    targets: judge(ledger, bench.targets),
    figures: ledger.figures(),
  }
}
