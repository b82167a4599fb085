import { it } from 'vitest'
import { F10, runF10 } from './src/faults/F10.ts'

// Both wait most of the time.
it.concurrent.for(['ends', 'hangs'] as const)(
  'F10: the database %s for a while, nothing is lost and everybody is answered',
  { timeout: 90_000 },
  async (how, { expect }) => {
    const { figures, violations } = await runF10({ seed: 1, how, ...F10.short })
    expect(violations).toEqual([])
    expect(figures['acknowledged']).toBeGreaterThan(100)
  },
)
