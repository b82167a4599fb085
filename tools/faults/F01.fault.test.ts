import { expect, it } from 'vitest'
import { F01, runF01 } from './src/faults/F01.ts'

it.each(['sqlite', 'postgres'] as const)(
  'F01 on %s: loses, doubles and reorders nothing when the server is killed at any moment',
  async (store) => {
    const { figures, violations } = await runF01({ seed: 1, ...F01.short, store })
    expect(violations).toEqual([])
    expect(figures).toMatchObject({ wishes: 2_000, kills: 4 })
    expect(figures['unknown'], 'sends that a kill cut off').toBeGreaterThan(0)
    expect(figures['heard'], 'messages that came live').toBeGreaterThan(0)
  },
  60_000,
)

it('F01: finds what a server loses that answers before it commits', async () => {
  const { violations } = await runF01({
    seed: 1,
    sends: 1_000,
    kills: 3,
    broken: 'ack-before-commit',
  })
  expect(violations).toContainEqual(expect.stringMatching(/^I1 in \d+: .* is lost$/))
}, 60_000)
