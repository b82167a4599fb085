import { expect, it } from 'vitest'
import { F03, runF03 } from './src/faults/F03.ts'

it.each(['sqlite', 'postgres'] as const)(
  'F03 on %s: keeps every promise when the server dies inside of a write, whatever it had done by then',
  async (store) => {
    const { figures, violations } = await runF03({ seed: 1, ...F03.short, store })
    expect(violations).toEqual([])
    expect(figures).toMatchObject({ kills: 16, storedUnanswered: 4 })
  },
  90_000,
)

it('F03: finds what a server loses that answers before it commits', async () => {
  const { violations } = await runF03({ seed: 1, times: 1, broken: 'ack-before-commit' })
  expect(violations).toContainEqual(expect.stringMatching(/^I1 in \d+: .* is lost$/))
}, 60_000)
