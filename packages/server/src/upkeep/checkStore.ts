import type { Check, Finding, Look } from '../kernel/checks.ts'
import { type Engine, StoreAwayError, StoreBrokenError, StoreFullError } from '../store/engine.ts'

export interface FoundFault {
  /** The name of the check that found it. */
  readonly check: string
  readonly where: string
  readonly what: string
  /** `repaired` now, `derived` and repairable, `failed` to be repaired, or `lost`: only a backup helps. */
  readonly state: 'repaired' | 'derived' | 'failed' | 'lost'
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
    for await (const finding of findingsOf(check, look)) {
      const state = await settle(options, finding)
      if (state !== 'repaired') left++
      options.found({ check: check.name, where: finding.where, what: finding.what, state })
    }
  }
  return left
}

/** A row that a check stumbles over is a finding too, and the other checks go on. */
async function* findingsOf(check: Check, look: Look): AsyncGenerator<Finding> {
  try {
    yield* check.run(look)
  } catch (error) {
    if (concernsAll(error)) throw error
    const { name } = error instanceof Error ? error : new Error()
    yield {
      where: `the check of ${check.name}`,
      what: `could not be finished, because a row of it cannot be read (${name})`,
      repair: null,
    }
  }
}

const concernsAll = (error: unknown): boolean =>
  error instanceof StoreAwayError ||
  error instanceof StoreBrokenError ||
  error instanceof StoreFullError

async function settle(
  { engine, repair }: CheckOptions,
  finding: Finding,
): Promise<FoundFault['state']> {
  if (!finding.repair) return 'lost'
  if (!repair) return 'derived'
  const mend = finding.repair
  try {
    await engine.write(async (changes) => mend(changes))
    return 'repaired'
  } catch (error) {
    if (concernsAll(error)) throw error
    return 'failed'
  }
}
