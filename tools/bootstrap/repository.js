import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the repository, wherever the command was typed. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Where the dependencies are installed. */
export const modules = join(root, 'node_modules')

const NEEDED_MAJOR = 24

/**
 * The Node that runs everything of ours: the one installed with the dependencies, or the running
 * one where that cannot start here (musl, an unusual processor). Null when neither is new enough.
 */
export function findNode() {
  const name = process.platform === 'win32' ? 'node.exe' : 'node'
  const candidates = [join(modules, 'node', 'bin', name), process.execPath]
  return candidates.find((path) => majorOf(path) >= NEEDED_MAJOR) ?? null
}

/** @param {string} path */
function majorOf(path) {
  if (!existsSync(path)) return 0
  const answer = spawnSync(path, ['--version'], { encoding: 'utf8', env: cleanEnvironment() })
  return Number(/^v(\d+)/.exec(answer.stdout ?? '')?.[1] ?? 0)
}

/**
 * The script behind a package's command, to be run by our own Node: no shell, no shebang that
 * would pick up another Node from the path.
 * @param {string} packageName
 * @param {string} command
 */
export function commandOf(packageName, command) {
  const folder = join(modules, packageName)
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return join(folder, typeof bin === 'string' ? bin : bin[command])
}

/**
 * The environment for what we start. NODE_OPTIONS stays behind: it was meant for the Node that the
 * person started, and a preloaded debugger or an unknown flag breaks programs three levels below.
 */
export function cleanEnvironment() {
  const { NODE_OPTIONS, ...rest } = process.env
  return rest
}

/**
 * The same, with the given Node first on the path.
 * @param {string} node
 */
export function environmentFor(node) {
  const path = [dirname(node), join(modules, '.bin'), process.env.PATH].join(delimiter)
  return { ...cleanEnvironment(), PATH: path }
}

/** The same, without our own commands on the path: an installation replaces them while it runs. */
export function environmentForInstalling() {
  const path = (process.env.PATH ?? '').split(delimiter)
  return {
    ...cleanEnvironment(),
    PATH: path.filter((entry) => !resolve(entry).startsWith(modules)).join(delimiter),
  }
}
