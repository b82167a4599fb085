import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { root } from './repository.js'

/** What asks us to stop. */
export const stopSignals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** npm may be killed without a chance to tell us; then somebody else has become our parent. */
const LOOK_FOR_PARENT_MS = 500

/** One Ctrl-C reaches us twice: from the terminal and from npm. Later ones are meant. */
const SAME_PRESS_MS = 1000

let running = 0

/** Whether somebody is there who was told to stop and will end by itself. */
export const isRunning = () => running > 0

let stopped = false

/** Whether a program of ours was told to stop: what would come next must not begin. */
export const wasStopped = () => stopped

/**
 * Runs a program to its end and passes each stop signal on once, so that it can finish its work.
 * The program gets a process group of its own: the terminal's Ctrl-C does not hit it beside ours,
 * and whatever it leaves running is ended with it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env: NodeJS.ProcessEnv, stdin?: 'inherit' | 'ignore' }} options
 * @returns {Promise<number>} the exit code; 128 + n after signal n; 127 when it could not start
 */
export function run(command, args, { env, stdin = 'ignore' }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env,
      stdio: [stdin, 'inherit', 'inherit'],
      detached: true,
    })
    running++
    const forward = forwardOnce((signal) => {
      stopped = true
      child.kill(signal)
    })
    const watch = watchParent(() => forward('SIGTERM'))
    const done = (/** @type {number} */ code) => {
      running--
      clearInterval(watch)
      for (const signal of stopSignals) process.off(signal, forward)
      endGroup(child.pid)
      resolve(code)
    }
    for (const signal of stopSignals) process.on(signal, forward)
    child.on('error', (error) => {
      console.error(`${command} could not be started: ${error.message}`)
      done(127)
    })
    child.on('exit', (code, signal) => done(code ?? 128 + numberOf(signal)))
  })
}

/**
 * Only under npm: who starts us by hand in the background may close the shell.
 * @param {() => void} orphaned
 */
function watchParent(orphaned) {
  if (process.env.npm_lifecycle_event === undefined) return undefined
  const parent = process.ppid
  return setInterval(() => process.ppid !== parent && orphaned(), LOOK_FOR_PARENT_MS)
}

/** @param {(signal: NodeJS.Signals) => void} pass */
function forwardOnce(pass) {
  let last = Number.NEGATIVE_INFINITY
  return (/** @type {NodeJS.Signals} */ signal) => {
    const now = performance.now()
    if (now - last > SAME_PRESS_MS) pass(signal)
    last = now
  }
}

/** @param {NodeJS.Signals | null} signal */
const numberOf = (signal) => (signal === null ? 0 : constants.signals[signal])

/** @param {number | undefined} leader */
function endGroup(leader) {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nobody is left in the group: the usual case.
  }
}
