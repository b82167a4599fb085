import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { wireFingerprint } from './documents/index.ts'
import { wireHistory } from './version.ts'

test('the wire is the one that the newest line of wireHistory names', () => {
  const hash = createHash('sha256').update(wireFingerprint()).digest('hex')
  expect(
    hash,
    'The wire changed, so clients that are out there may break. A changed wire needs a new line in wireHistory ' +
      `(src/version.ts) with this hash: ${hash}`,
  ).toBe(wireHistory[0]?.hash)
})

test('every line of the history has a hash of its own and says what changed', () => {
  expect(new Set(wireHistory.map(({ hash }) => hash)).size).toBe(wireHistory.length)
  for (const { change } of wireHistory) expect(change).toMatch(/^[A-Z].*\.$/)
})
