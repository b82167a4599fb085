import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'

const canPin = cpus().length > 1 && spawnSync('taskset', ['-c', '0', 'true']).status === 0

/** Servers run on one core and their clients on another, so that neither takes the other's time. */
export const SERVER_CORE = 0
export const CROWD_CORE = 1

export const pinning = canPin
  ? 'server on core 0, clients on core 1'
  : 'none (no taskset, or one core)'

/** The command on one core, as it is where we cannot choose. */
export const pinned = (core: number | null, command: readonly string[]): readonly string[] =>
  canPin && core !== null ? ['taskset', '-c', String(core), ...command] : command
