import { execFileSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'

/** Where and on what a figure was measured: without it the figure means nothing. */
export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly node: string
  readonly kernel: string
}

export const machine = (): Machine => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  kernel: `${type()} ${release()}`,
})

/** Load averages of the last 1, 5 and 15 minutes: what else the machine was doing. */
export const load = (): readonly number[] => loadavg().map((value) => Number(value.toFixed(2)))

/** The commit of the sources, with a mark when they were changed since. Results of benches are no sources. */
export function commit(): string {
  try {
    const hash = git('rev-parse', '--short=12', 'HEAD')
    return git('status', '--porcelain', '--', ':/', ':!/tools/bench/results') === ''
      ? hash
      : `${hash}+changes`
  } catch {
    return 'uncommitted'
  }
}

const git = (...args: string[]): string =>
  execFileSync('git', args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .trim()
