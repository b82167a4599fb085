import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './repository.js'

/**
 * Some registries lack the packages of a few systems (`@biomejs/cli-android-arm64`). npm then
 * leaves them out of package-lock.json, and `npm ci` refuses that file everywhere. This adds the
 * missing ones by their exact version, without checksums; npm keeps the entries from then on.
 *
 * Run it after an `npm install` that changed the lockfile: node tools/bootstrap/completeLockfile.js
 *
 * @typedef {{ optionalDependencies?: Record<string, string>, [field: string]: unknown }} Entry
 */
const file = join(root, 'package-lock.json')
const lockfile = JSON.parse(readFileSync(file, 'utf8'))
/** @type {Record<string, Entry>} */
const packages = lockfile.packages

const missing = Object.entries(packages).flatMap(
  ([path, { dev, license, optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name, version]) => /^\d/.test(version) && !isListed(path, name))
      .map(([name, version]) => ({ name, version, dev, license })),
)

for (const { name, version, dev, license } of missing)
  packages[`node_modules/${name}`] = { version, ...systemOf(name), dev, license, optional: true }

lockfile.packages = Object.fromEntries(Object.entries(packages).sort(byPath))
writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`)
console.log(`${missing.length} packages of other systems added to package-lock.json.`)

/**
 * Whether the package at the path finds the other one, in the way Node looks for it.
 * @param {string} path
 * @param {string} name
 */
function isListed(path, name) {
  if (`node_modules/${name}` in packages) return true
  for (
    let folder = path;
    folder !== '';
    folder = folder.replace(/\/?node_modules\/(?!.*node_modules\/).*$/, '')
  )
    if (`${folder}/node_modules/${name}` in packages) return true
  return false
}

/**
 * The system that a package is for, from its name: npm does not fetch it elsewhere then.
 * @param {string} name
 */
function systemOf(name) {
  const os = /android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32/.exec(name)?.[0]
  const cpu = /arm64|arm|x64|ia32|ppc64|riscv64|s390x|loong64/.exec(name)?.[0]
  const libc = name.endsWith('musl') ? 'musl' : undefined
  return { cpu: cpu && [cpu], libc: libc && [libc], os: os && [os] }
}

/**
 * @param {[string, Entry]} one
 * @param {[string, Entry]} other
 */
function byPath([one], [other]) {
  return one.localeCompare(other, 'en')
}
