import { expect, it } from 'vitest'
import { F06, runF06, signalTwice } from './src/faults/F06.ts'

// A drain is waiting.
it.concurrent.for(['sqlite', 'postgres'] as const)(
  'F06 on %s: stops under load without a failed send, sending its clients away bit by bit',
  { timeout: 90_000 },
  async (store, { expect }) => {
    const { figures, violations } = await runF06({ seed: 1, ...F06.short, store })
    expect(violations).toEqual([])
    expect(figures['acknowledged']).toBeGreaterThan(300)
  },
)

it('F06: finds a server that just ends', async () => {
  const { violations } = await runF06({ seed: 1, ...F06.short, broken: 'exit-at-once' })
  expect(violations).toContain('only 0 of 201 sockets got bye and 4012')
}, 60_000)

it('F06: a second signal ends the drain at once, with 1', async () => {
  const { hadEnded, code, tookMs } = await signalTwice(1)
  expect(hadEnded, 'the drain was over before the second signal').toBe(false)
  expect(code).toBe(1)
  expect(tookMs).toBeLessThan(2_000)
}, 30_000)
