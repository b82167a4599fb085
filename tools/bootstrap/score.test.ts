import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { add, lastLine, nothing, SKIPPED, scoreOfCode, scoreOfResults } from './score.js'

const folder = mkdtempSync(join(tmpdir(), 'score-'))
afterAll(() => rmSync(folder, { recursive: true }))

const written = (passed: number, failed: number) => {
  const file = join(folder, 'results.json')
  const results = { numPassedTests: passed, numFailedTests: failed }
  writeFileSync(file, JSON.stringify({ ...results, numPendingTests: 2, numTodoTests: 1 }))
  return file
}

test('a step counts as one, by its code', () => {
  expect([0, 1, SKIPPED, 137].map(scoreOfCode)).toEqual([
    { ...nothing, passed: 1 },
    { ...nothing, failed: 1 },
    { ...nothing, skipped: 1 },
    { ...nothing, failed: 1 },
  ])
})

test('a counted step counts by its tests', () => {
  expect(scoreOfResults(written(5, 0), 0)).toEqual({ passed: 5, failed: 0, skipped: 3 })
  expect(scoreOfResults(written(5, 2), 1)).toEqual({ passed: 5, failed: 2, skipped: 3 })
})

test('a counted step that fails beside its tests is never a success', () => {
  expect(scoreOfResults(written(5, 0), 1).failed).toBe(1)
  expect(scoreOfResults(join(folder, 'never-written.json'), 0).failed).toBe(1)
})

test('the last line tells of skipped ones only where there are some', () => {
  expect(lastLine(add({ ...nothing, passed: 3 }, { ...nothing, failed: 1 }))).toBe(
    '3 passed, 1 failed',
  )
  expect(lastLine({ passed: 3, failed: 0, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped')
})
