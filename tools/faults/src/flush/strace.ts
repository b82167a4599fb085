import { spawnSync } from 'node:child_process'

/** Why system calls cannot be traced here, or null when they can: a container may carry strace and forbid it to work. */
export function missingStrace(): string | null {
  const { status, error, stderr } = spawnSync('strace', ['-o', '/dev/null', 'true'], {
    encoding: 'utf8',
  })
  if (error) return 'this machine has no strace. Install the package strace.'
  if (status !== 0) return `strace may not trace here: ${stderr.trim()}`
  return null
}
