import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A folder in memory where there is one: the simulation tests what is written, not how well a disk keeps it. */
export function openFolder(): { readonly path: string; remove(): void } {
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const path = mkdtempSync(join(base, 'tertulia-sim-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
