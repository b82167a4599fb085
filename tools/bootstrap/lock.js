import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const LOOK_AGAIN_MS = 200
const SIGN_OF_LIFE_MS = 5_000
/** Without a sign of life for this long a lock is dead even if its process id is in use again. */
const DEAD_AFTER_MS = 60_000

/**
 * Runs the work while nobody else holds the lock, on this machine or in a container that shares
 * the folder. A lock whose owner is gone is taken over.
 * @template T
 * @param {string} folder the lock: it exists while it is held
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(folder, work) {
  await acquire(folder)
  const heart = setInterval(() => showLife(folder), SIGN_OF_LIFE_MS)
  try {
    return await work()
  } finally {
    clearInterval(heart)
    await rm(folder, { recursive: true, force: true })
  }
}

/** @param {string} folder */
async function showLife(folder) {
  const now = new Date()
  await utimes(folder, now, now).catch(() => {})
}

/** @param {string} folder */
async function acquire(folder) {
  for (let attempt = 0; !(await take(folder)); attempt++) {
    if (await isDead(folder)) await takeAway(folder)
    else if (attempt === 0) console.log(`Waiting for another run (${folder}).`)
    await sleep(LOOK_AGAIN_MS)
  }
}

/**
 * Making a folder is atomic everywhere; the owner's name is written right after.
 * @param {string} folder
 */
async function take(folder) {
  try {
    await mkdir(folder)
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false
    throw error
  }
  await writeFile(join(folder, 'owner'), JSON.stringify({ pid: process.pid, host: hostname() }))
  return true
}

/** @param {string} folder */
async function isDead(folder) {
  const age = await ageOf(folder)
  if (age === null) return false
  if (age > DEAD_AFTER_MS) return true
  const owner = await ownerOf(folder)
  return owner !== null && owner.host === hostname() && !isRunning(owner.pid)
}

/**
 * Two who find the same dead lock must not take away the fresh lock of each other: only one at a
 * time may, and looks again before it does.
 * @param {string} folder
 */
async function takeAway(folder) {
  const guard = `${folder}.guard`
  try {
    await mkdir(guard)
  } catch {
    const age = await ageOf(guard)
    if (age !== null && age > DEAD_AFTER_MS) await rm(guard, { recursive: true, force: true })
    return
  }
  try {
    if (!(await isDead(folder))) return
    const aside = `${folder}.${process.pid}`
    await rename(folder, aside)
    await rm(aside, { recursive: true, force: true })
  } finally {
    await rm(guard, { recursive: true, force: true })
  }
}

/** @param {string} folder */
async function ageOf(folder) {
  const found = await stat(folder).catch(() => null)
  return found && Date.now() - found.mtimeMs
}

/**
 * @param {string} folder
 * @returns {Promise<{ pid: number, host: string } | null>}
 */
async function ownerOf(folder) {
  try {
    return JSON.parse(await readFile(join(folder, 'owner'), 'utf8'))
  } catch {
    return null
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
