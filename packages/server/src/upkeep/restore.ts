import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { basename } from 'node:path'
import { databaseFileIn, openDataFolder } from '../adapters/dataFolder.ts'
import { openSqlite } from '../adapters/engine.sqlite.ts'
import { appendAudit } from '../kernel/audit.ts'
import type { Check } from '../kernel/checks.ts'
import { BackupError, flush } from './backup.ts'
import { asOneFile, SIBLINGS, verifyFile } from './verifyFile.ts'

export interface RestoreOptions {
  readonly dataDir: string
  readonly from: string
  /** What the backup must stand. */
  readonly checks: readonly Check[]
  readonly now: number
}

/**
 * Puts a backup in the place of the embedded store. The server must be stopped. Nothing is touched before the copy is
 * verified, and the store that was there is kept beside it. The next start begins a new epoch, so that clients notice
 * what they have beyond the backup. Resolves with the place of the old store, or null when there was none.
 */
export async function restore({
  dataDir,
  from,
  checks,
  now,
}: RestoreOptions): Promise<string | null> {
  if (!existsSync(from)) throw new BackupError(`There is no file ${from}.`)
  const folder = openDataFolder(dataDir)
  try {
    const file = databaseFileIn(dataDir)
    const draft = `${file}.restoring`
    copyFileSync(from, draft)
    try {
      await verifyFile(draft, checks)
      await note(draft, from, now)
      flush(draft)
      const kept = putAside(file, now)
      renameSync(draft, file)
      folder.dropMark()
      flush(dataDir)
      return kept
    } finally {
      for (const suffix of SIBLINGS) rmSync(draft + suffix, { force: true })
    }
  } finally {
    folder.release()
  }
}

/** The restored store tells itself that it is one. */
async function note(draft: string, from: string, now: number): Promise<void> {
  const engine = openSqlite(draft)
  const entry = { actor: 'operator', action: 'store.restored', target: basename(from) } as const
  await engine.write((changes) => appendAudit(changes, [entry], now))
  await engine.close()
  asOneFile(draft)
}

/** With its log, in which the newest messages may be. */
function putAside(file: string, now: number): string | null {
  if (!existsSync(file)) return null
  const kept = `${file}.before-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
  for (const suffix of SIBLINGS)
    if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix)
  return kept
}
