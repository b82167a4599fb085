import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withLock } from './lock.js'
import { cleanEnvironment } from './repository.js'
import { run } from './run.js'

/**
 * @typedef {object} SystemTool
 * @property {string} package its name in the distribution
 * @property {readonly string[]} probe arguments of a call that succeeds only where it truly works
 * @property {() => readonly string[]} [places] where else than on the PATH its program may lie
 */

/**
 * What tests may need beyond npm.
 * @type {Record<string, SystemTool>}
 */
const systemTools = {
  // Containers may carry strace and still forbid it to trace.
  strace: { package: 'strace', probe: ['-o', '/dev/null', 'true'] },
  chromium: { package: 'chromium', probe: ['--version'] },
  postgres: { package: 'postgresql', probe: ['--version'], places: debianPostgres },
}

/**
 * @typedef {object} Machine what `provide` asks of the world around it
 * @property {(command: string, args: readonly string[]) => boolean} works
 * @property {boolean} mayInstall
 * @property {(packageName: string) => Promise<void>} install
 * @property {boolean} isCi
 */

/** @type {Machine} */
const thisMachine = {
  works: (command, args) =>
    spawnSync(command, args, { stdio: 'ignore', env: cleanEnvironment() }).status === 0,
  mayInstall: process.getuid?.() === 0,
  install: installPackage,
  isCi: process.env.CI === 'true',
}

/**
 * Brings the named tools: those that are present are used, others installed where that is
 * permitted. What is still missing then is for the caller to say aloud; under CI=true it is a
 * failure, because there nobody reads what was skipped.
 * @param {readonly string[]} names
 * @param {Machine} [machine]
 * @returns {Promise<{ missing: string[], verdict: 'ready' | 'skip' | 'fail' }>}
 */
export async function provide(names, machine = thisMachine) {
  /** @type {string[]} */
  const missing = []
  for (const name of names) if (!(await bring(name, machine))) missing.push(name)
  if (missing.length === 0) return { missing, verdict: 'ready' }
  return { missing, verdict: machine.isCi ? 'fail' : 'skip' }
}

/**
 * @param {string} name
 * @param {Machine} machine
 */
async function bring(name, machine) {
  const tool = systemTools[name]
  if (tool === undefined) throw new Error(`"${name}" is not listed in tools/bootstrap/machine.js.`)
  const works = () =>
    [name, ...(tool.places?.() ?? [])].some((place) => machine.works(place, tool.probe))
  if (works()) return true
  if (!machine.mayInstall) return false
  await machine.install(tool.package)
  return works()
}

/** Debian keeps the programs of every version in a folder of its own. */
function debianPostgres() {
  const folder = '/usr/lib/postgresql'
  if (!existsSync(folder)) return []
  return readdirSync(folder).map((version) => join(folder, version, 'bin', 'postgres'))
}

/** @param {string} name */
async function installPackage(name) {
  const env = { ...cleanEnvironment(), DEBIAN_FRONTEND: 'noninteractive' }
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore', env }).status !== 0) return
  console.log(`Installing ${name} (apt-get) ...`)
  const install = ['install', '-y', '-qq', '--no-install-recommends', name]
  await withLock(join(tmpdir(), 'tertulia-apt-lock'), async () => {
    if ((await run('apt-get', install, { env })) === 0) return
    // A fresh image has no package lists yet.
    await run('apt-get', ['update', '-qq'], { env })
    await run('apt-get', install, { env })
  })
}
