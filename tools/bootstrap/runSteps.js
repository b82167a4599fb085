import { join } from 'node:path'
import { withLock } from './lock.js'
import { provide } from './machine.js'
import { environmentFor, root } from './repository.js'
import { run } from './run.js'
import { add, lastLine, nothing, SKIPPED, scoreOfCode, scoreOfResults } from './score.js'

/**
 * @typedef {import('./steps.js').Step} Step
 * @typedef {import('./score.js').Score} Score
 * @typedef {{ node: string, temp: string, isStopped: () => boolean }} Surroundings
 */

/**
 * Runs the steps one after the other; a failing one does not keep the next from running.
 * @param {readonly Step[]} steps
 * @param {Surroundings} surroundings
 * @returns {Promise<Score>}
 */
export async function runSteps(steps, surroundings) {
  let total = nothing
  /** @type {string[]} */
  const remarks = []
  for (const step of steps) {
    if (surroundings.isStopped()) break
    console.log(`\n--- ${step.name}`)
    const begin = performance.now()
    const score = await runStep(step, surroundings).catch(failed)
    const seconds = ((performance.now() - begin) / 1000).toFixed(1)
    const summary = `${step.name}: ${lastLine(score)} (${seconds} s)`
    console.log(`--- ${summary}`)
    if (score.failed + score.skipped > 0) remarks.push(summary)
    total = add(total, score)
  }
  if (remarks.length > 0) console.log(`\nFailed or skipped:\n  ${remarks.join('\n  ')}`)
  return total
}

/** @param {unknown} error */
function failed(error) {
  console.error(error)
  return scoreOfCode(1)
}

/**
 * @param {Step} step
 * @param {Surroundings} surroundings
 * @returns {Promise<Score>}
 */
async function runStep(step, { node, temp }) {
  await provide(step.wants ?? [])
  const { missing, verdict } = await provide(step.needs ?? [])
  if (verdict !== 'ready') {
    console.log(`!!! ${step.name} was NOT RUN: this machine has no working ${missing.join(', ')}.`)
    return scoreOfCode(verdict === 'skip' ? SKIPPED : 1)
  }
  const results = join(temp, `${step.name}.json`)
  const env = { ...environmentFor(node), TMPDIR: temp }
  const work = () => run(node, step.args({ temp, results }), { env })
  const code = await (step.alone ? withLock(join(root, `.${step.name}-lock`), work) : work())
  return step.counted ? scoreOfResults(results, code) : scoreOfCode(code)
}
