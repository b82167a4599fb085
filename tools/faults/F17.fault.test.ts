import { it } from 'vitest'
import { F17, runF17 } from './src/faults/F17.ts'

// All wait most of the time.
it.concurrent.for(['sqlite', 'postgres'] as const)(
  'F17 on %s: slow readers are told of their gaps or closed, and nobody else waits for them',
  { timeout: 90_000 },
  async (store, { expect }) => {
    const { figures, violations } = await runF17({ seed: 1, ...F17.short, store })
    expect(violations).toEqual([])
    expect(figures).toMatchObject({ told: 2 })
  },
)

it.concurrent('F17: finds a server that keeps whatever slow readers do not read', async ({
  expect,
}) => {
  const { violations } = await runF17({
    seed: 1,
    ...F17.short,
    withinMs: 18_000,
    broken: 'no-limits',
  })
  expect(violations).toContain('who stopped reading was not closed with 4020 within 18000 ms')
}, 90_000)
