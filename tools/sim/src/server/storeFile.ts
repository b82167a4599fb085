import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** A folder in memory where there is one: the simulation tests what is written, not how well a disk keeps it. */
export function openFolder(): { readonly path: string; remove(): void } {
  const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()
  const path = mkdtempSync(join(base, 'tertulia-sim-'))
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The file of one simulated store, and what an operator does with it. */
export class StoreFile {
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  copyFrom(template: string): void {
    this.remove()
    copyFileSync(template, this.path)
  }

  /** A consistent copy of what is committed now. */
  backUp(): string {
    const backup = `${this.path}.backup`
    rmSync(backup, { force: true })
    const db = new DatabaseSync(this.path)
    db.exec(`VACUUM INTO '${backup}'`)
    db.close()
    return backup
  }

  /** Puts a backup in the place of the store. Nobody may have it open. */
  restore(backup: string): void {
    this.remove()
    copyFileSync(backup, this.path)
  }

  remove(): void {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.path + suffix, { force: true })
  }
}
