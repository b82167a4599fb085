import { existsSync, readFileSync } from 'node:fs'

/** A step that ends with this code was skipped and has said why (the custom of automake). */
export const SKIPPED = 77

/**
 * @typedef {object} Score
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 */

/** @type {Score} */
export const nothing = { passed: 0, failed: 0, skipped: 0 }

/**
 * @param {Score} one
 * @param {Score} other
 * @returns {Score}
 */
export const add = (one, other) => ({
  passed: one.passed + other.passed,
  failed: one.failed + other.failed,
  skipped: one.skipped + other.skipped,
})

/**
 * @param {number} code
 * @returns {Score}
 */
export function scoreOfCode(code) {
  if (code === SKIPPED) return { ...nothing, skipped: 1 }
  return code === 0 ? { ...nothing, passed: 1 } : { ...nothing, failed: 1 }
}

/**
 * The single tests of a counted step. A run that failed beside its tests (a file that could not be
 * loaded, no results at all, a crash) counts as one more failure, never as none.
 * @param {string} file
 * @param {number} code
 * @returns {Score}
 */
export function scoreOfResults(file, code) {
  if (!existsSync(file)) return { ...nothing, failed: 1 }
  const results = JSON.parse(readFileSync(file, 'utf8'))
  const failed = results.numFailedTests
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}

/** @param {Score} score */
export function lastLine({ passed, failed, skipped }) {
  const line = `${passed} passed, ${failed} failed`
  return skipped > 0 ? `${line}, ${skipped} skipped` : line
}
