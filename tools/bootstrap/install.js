import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.js'
import { environmentForInstalling, findNode, modules, root } from './repository.js'
import { run, wasStopped } from './run.js'

const stampFile = join(modules, '.tertulia-stamp')
const lockfile = join(root, 'package-lock.json')

/**
 * Makes sure that the dependencies are those of package-lock.json, and answers the Node to run
 * everything with. Quick when nothing changed; safe when called twice at once.
 * @returns {Promise<string>}
 */
export async function install() {
  if (!isInstalled()) {
    await withLock(join(root, '.install-lock'), async () => {
      if (isInstalled()) return
      if (!isUsable()) await installAll()
      writeFileSync(stampFile, stamp())
    })
  }
  const node = findNode()
  if (node === null) throw noNode()
  return node
}

function isInstalled() {
  return readStamp() === stamp() && findNode() !== null
}

/** The lockfile and the machine: a folder copied from elsewhere holds the wrong binaries. */
function stamp() {
  const hash = createHash('sha256').update(readFileSync(lockfile)).digest('hex')
  return `${machine()} ${hash}\n`
}

const machine = () => `${process.platform}-${process.arch}`

const readStamp = () => (existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : null)

/**
 * Whether somebody's own `npm install` left exactly what the lockfile says. Then there is nothing
 * to do, and what others run from this folder at the moment stays in place.
 */
function isUsable() {
  const hidden = join(modules, '.package-lock.json')
  if (!existsSync(hidden) || findNode() === null) return false
  if (!(readStamp() ?? machine()).startsWith(machine())) return false
  const wanted = packagesOf(lockfile)
  const present = packagesOf(hidden)
  return Object.entries(wanted).every(([path, { version, integrity, optional }]) => {
    const found = present[path]
    if (path === '' || (found === undefined && optional)) return true
    return found?.version === version && found?.integrity === integrity
  })
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, integrity?: string, optional?: boolean }>}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/**
 * `npm ci` refuses a lockfile that was written against a registry without the packages of some
 * other system (see completeLockfile.js). `npm install` takes the same versions from it, and
 * --no-save leaves it as it is.
 */
async function installAll() {
  const options = ['--include=dev', '--no-audit', '--no-fund']
  console.log('Installing dependencies (npm ci) ...')
  const code = await npm('ci', ...options, '--loglevel=silent')
  if (wasStopped())
    throw new Error('The installation was stopped. Run this command again to finish it.')
  if (code !== 0) {
    console.log('npm ci did not accept the lockfile. Installing from it with npm install ...')
    await npmOrThrow('install', '--no-save', ...options, '--loglevel=error')
  }
  if (findNode() !== null) return
  // Scripts may be switched off for good reasons; this one brings Node itself.
  await npmOrThrow('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error')
}

/** @param {string[]} args */
async function npmOrThrow(...args) {
  const code = await npm(...args)
  if (code === 0) return
  throw new Error(
    `npm ${args[0]} failed with code ${code}. Without the dependencies nothing here can run. ` +
      'Read its message above, then try again.',
  )
}

/** @param {string[]} args */
function npm(...args) {
  const env = environmentForInstalling()
  const script = process.env.npm_execpath
  // Windows starts npm.cmd through a shell only, so there the script behind it is used.
  if (process.platform === 'win32' && script !== undefined)
    return run(process.execPath, [script, ...args], { env })
  return run('npm', args, { env })
}

const noNode = () =>
  new Error(
    'The Node 24 that comes with the dependencies does not start on this machine. ' +
      'The server and the tests need Node 24 or newer. ' +
      'Install it (https://nodejs.org), then run this command again.',
  )
