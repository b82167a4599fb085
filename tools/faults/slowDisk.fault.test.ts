import { expect, it } from 'vitest'
import { runSlowDisk, slowDisk } from './src/faults/slowDisk.ts'
import { missingStrace } from './src/flush/strace.ts'

const reason = missingStrace()
// Nobody reads what was skipped there, so there it fails.
const withStrace = reason === null || process.env['CI'] === 'true' ? it : it.skip
if (reason !== null) process.stderr.write(`!!! The slow disk was NOT RUN: ${reason}\n`)

withStrace(
  'slow disk: the loop turns on while every flush takes 10 ms',
  async () => {
    expect(reason).toBeNull()
    const { violations, figures } = await runSlowDisk({ seed: 1, ...slowDisk.short })
    expect(violations).toEqual([])
    // One commit at a time and 10 ms each would be less than 100 a second without batches.
    expect(Number(figures['acknowledged'])).toBeGreaterThan((slowDisk.short.ms / 1000) * 200)
  },
  60_000,
)
