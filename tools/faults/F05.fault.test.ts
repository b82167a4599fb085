import { expect, it } from 'vitest'
import { F05, runF05 } from './src/faults/F05.ts'
import { missingStrace } from './src/flush/strace.ts'

const reason = missingStrace()
// Nobody reads what was skipped there, so there it fails.
const isCi = process.env['CI'] === 'true'
const withStrace = reason === null || isCi ? it : it.skip
if (reason !== null) process.stderr.write(`!!! F05 was NOT RUN: ${reason}\n`)

withStrace(
  'F05: tells nobody of a message before its page was flushed to the disk',
  async () => {
    expect(reason).toBeNull()
    const { figures, violations } = await runF05({ seed: 1, ...F05.short })
    expect(violations).toEqual([])
    expect(figures).toMatchObject({ acknowledged: 1_000 })
    expect(figures['flushes']).toBeGreaterThan(0)
  },
  90_000,
)

withStrace(
  'F05: finds a server that leaves flushing to the operating system',
  async () => {
    expect(reason).toBeNull()
    const { violations } = await runF05({ seed: 1, sends: 100, broken: 'no-flush' })
    expect(violations).toHaveLength(100)
    expect(violations).toContain('flush-1-mark was told before the log was flushed')
  },
  60_000,
)

withStrace(
  'F05: finds a server that answers before it writes',
  async () => {
    expect(reason).toBeNull()
    const { violations } = await runF05({ seed: 1, sends: 100, broken: 'ack-before-commit' })
    expect(violations).toContain('flush-1-mark was told before it was written to the log')
  },
  60_000,
)
