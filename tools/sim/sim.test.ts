import { afterAll, beforeAll, expect, test } from 'vitest'
import { campaign, explain, type Ground, openGround } from './src/campaign.ts'
import { Violation } from './src/checker/violation.ts'
import { faults } from './src/faults/index.ts'
import { run } from './src/run.ts'

const SEEDS = 500
/** Ten times what it takes alone: the machine may be busy. */
const PATIENCE_MS = 300_000

let ground: Ground

beforeAll(async () => {
  ground = await openGround()
})

afterAll(async () => {
  await ground[Symbol.asyncDispose]()
})

test(`alice, bob and carol keep every promise in ${SEEDS} simulated worlds`, {
  timeout: PATIENCE_MS,
}, async () => {
  const failed: number[] = []
  const startedAt = performance.now()
  await campaign({
    ground,
    from: 1,
    seeds: SEEDS,
    fault: null,
    after(seed, result) {
      if (result instanceof Violation) failed.push(seed)
      return failed.length < 3
    },
  })
  const seconds = (performance.now() - startedAt) / 1000
  console.log(`${SEEDS} seeds in ${seconds.toFixed(1)} s: ${(SEEDS / seconds).toFixed(1)} seeds/s`)
  for (const seed of failed) console.log(await explain(ground, seed, null))
  expect(failed).toEqual([])
})

test('the same seed is the same run, to the last frame', { timeout: PATIENCE_MS }, async () => {
  const traceOf = async (seed: number) => {
    const lines: string[] = []
    await run({ ...ground, seed, fault: null, trace: (line) => lines.push(line) })
    return lines
  }
  for (const seed of [7, 64, 471]) expect(await traceOf(seed)).toEqual(await traceOf(seed))
})

for (const fault of faults)
  test(`finds a planted mistake: ${fault.what}`, { timeout: PATIENCE_MS }, async () => {
    let found: number | null = null
    await campaign({
      ground,
      from: 1,
      seeds: SEEDS,
      fault,
      after(seed, result) {
        if (result instanceof Violation) found = seed
        return found === null
      },
    })
    console.log(`${fault.name}: found by seed ${found}`)
    expect(found).not.toBeNull()
  })
