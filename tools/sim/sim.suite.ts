import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaign, explain, type Ground, openGround } from './src/campaign.ts'
import { Violation } from './src/checker/violation.ts'
import type { Fault } from './src/faults/fault.ts'
import { run } from './src/run.ts'
import type { Stores } from './src/store/simStore.ts'

/** Ten times what it takes alone: the machine may be busy. */
const timeout = 300_000

export interface SimSuite {
  readonly open: () => Promise<Stores>
  readonly seeds: number
  /** Seeds that are run twice. */
  readonly repeated: readonly number[]
  readonly planted: readonly Fault[]
  /** The first seed in which a planted mistake is looked for. */
  readonly lookFrom?: number
}

/** What must hold on every kind of store. */
export function simSuite({ open, seeds, repeated, planted, lookFrom = 1 }: SimSuite): void {
  let stores: Stores
  let ground: Ground

  beforeAll(async () => {
    stores = await open()
    ground = await openGround(stores)
  })

  afterAll(async () => {
    await stores[Symbol.asyncDispose]()
  })

  test(`alice, bob and carol keep every promise in ${seeds} simulated worlds`, {
    timeout,
  }, async () => {
    const failed: number[] = []
    const startedAt = performance.now()
    await campaign({
      ground,
      from: 1,
      seeds,
      fault: null,
      after(seed, result) {
        if (result instanceof Violation) failed.push(seed)
        return failed.length < 3
      },
    })
    const seconds = (performance.now() - startedAt) / 1000
    console.log(
      `${seeds} seeds in ${seconds.toFixed(1)} s: ${(seeds / seconds).toFixed(1)} seeds/s`,
    )
    for (const seed of failed) console.log(await explain(ground, seed, null))
    expect(failed).toEqual([])
  })

  test('the same seed is the same run, to the last frame', { timeout }, async () => {
    const traceOf = async (seed: number) => {
      const lines: string[] = []
      await run({ ...ground, seed, fault: null, trace: (line) => lines.push(line) })
      return lines
    }
    for (const seed of repeated) expect(await traceOf(seed)).toEqual(await traceOf(seed))
  })

  for (const fault of planted)
    test(`finds a planted mistake: ${fault.what}`, { timeout }, async () => {
      let found: number | null = null
      await campaign({
        ground,
        from: lookFrom,
        seeds,
        fault,
        after(seed, result) {
          if (result instanceof Violation) found = seed
          return found === null
        },
      })
      console.log(`${fault.name}: found by seed ${found}`)
      expect(found).not.toBeNull()
    })
}
