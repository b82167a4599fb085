import type { Check, Finding, Look } from '../kernel/checks.ts'
import type { Engine } from '../store/engine.ts'

export interface FoundFault {
  /** The name of the check that found it. */
  readonly check: string
  readonly where: string
  readonly what: string
  /** `repaired` now, `derived` and repairable, or `lost`: only a backup helps. */
  readonly state: 'repaired' | 'derived' | 'lost'
}

export interface CheckOptions {
  readonly engine: Engine
  readonly checks: readonly Check[]
  /** Sets right what follows from other rows. */
  readonly repair: boolean
  readonly found: (fault: FoundFault) => void
  /** Told before each check, and while it runs. */
  readonly progress: (check: string, rows: number) => void
}

/** Looks at every row of a store, beside a running server if there is one. Resolves with the number of faults left. */
export async function checkStore(options: CheckOptions): Promise<number> {
  let left = 0
  for (const check of options.checks) {
    let rows = 0
    const look: Look = {
      engine: options.engine,
      seen(more) {
        rows += more
        options.progress(check.name, rows)
      },
    }
    options.progress(check.name, 0)
    for await (const finding of check.run(look)) {
      const state = await settle(options, finding)
      if (state !== 'repaired') left++
      options.found({ check: check.name, where: finding.where, what: finding.what, state })
    }
  }
  return left
}

async function settle(
  { engine, repair }: CheckOptions,
  finding: Finding,
): Promise<FoundFault['state']> {
  if (!finding.repair) return 'lost'
  if (!repair) return 'derived'
  const mend = finding.repair
  await engine.write(async (changes) => mend(changes))
  return 'repaired'
}
