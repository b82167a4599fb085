import { execFile } from 'node:child_process'

/** npm ended with a code; its own words are in the message. */
export class NpmError extends Error {
  override readonly name = 'NpmError'
}

/** Where no registry answers, somebody waits for us to say so. */
const IMPATIENCE = [
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=2000',
]

/** Installs into a folder what is named, or what its package.json names; resolves with what npm printed. */
export const npmInstall = (folder: string, ...words: string[]): Promise<string> =>
  npm(folder, 'install', '--prefer-offline', '--no-audit', ...IMPATIENCE, ...words)

/** Runs npm in a folder and resolves with what it printed. */
export function npm(folder: string, ...words: string[]): Promise<string> {
  const options = { cwd: folder, env: freshEnvironment(), maxBuffer: 64 * 1024 * 1024 }
  const { npm_execpath: script } = process.env
  // Windows starts npm.cmd through a shell only, so the script behind it is used where it is known.
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []]
  return new Promise((resolve, reject) => {
    execFile(command, [...first, ...words], options, (error, out, err) => {
      if (error === null) resolve(out)
      else reject(new NpmError(`npm ${words.join(' ')} failed in ${folder}.\n${err}${out}`))
    })
  })
}

/**
 * The environment of somebody who has just opened a shell. An npm that started us left words in it that would bind
 * ours to the workspaces of this repository; where the registry and the cache are is kept.
 */
export function freshEnvironment(): Record<string, string> {
  const kept = /^npm_(execpath|config_(registry|cache|userconfig|offline))$/
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      entry[0] !== 'NODE_OPTIONS' &&
      !/^(VITEST|TERTULIA_|NODE_ENV$)/.test(entry[0]) &&
      (!/^npm_/i.test(entry[0]) || kept.test(entry[0])),
  )
  return Object.fromEntries(entries)
}
