import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install } from './install.js'
import { choose } from './options.js'
import { isRunning, stopSignals } from './run.js'
import { runSteps } from './runSteps.js'
import { lastLine } from './score.js'
import { steps } from './steps.js'

/** `npm test`: every step, whatever fails; `npm test -- --only types,lint`: these. */
async function test() {
  const chosen = choose(steps, process.argv.slice(2))
  const node = await install()
  const temp = makeTemp()
  const removeTemp = () => rmSync(temp, { recursive: true, force: true, maxRetries: 3 })
  const isStopped = watchForStop(removeTemp)
  try {
    const score = await runSteps(chosen, { node, temp, isStopped })
    if (isStopped()) console.log('\nStopped before the end.')
    process.exitCode = score.failed > 0 || isStopped() ? 1 : 0
    console.log(`\n${lastLine(score)}`)
  } finally {
    removeTemp()
  }
}

/**
 * A running step is told to stop and ends by itself; between steps nobody is there to wait for.
 * @param {() => void} clean
 */
function watchForStop(clean) {
  let stopped = false
  const stop = () => {
    stopped = true
    if (isRunning()) return
    clean()
    process.exit(1)
  }
  for (const signal of stopSignals) process.on(signal, stop)
  return () => stopped
}

/**
 * All temporary files of all steps live below this folder. Others may pass through it (but not
 * list it): PostgreSQL refuses to run as root and must reach its data as somebody else.
 */
function makeTemp() {
  const temp = mkdtempSync(join(tmpdir(), 'tertulia-'))
  chmodSync(temp, 0o711)
  return temp
}

try {
  await test()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
  console.log('\n0 passed, 1 failed')
}
