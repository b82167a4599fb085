import { chmodSync, copyFileSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import { databaseFileIn, openDataFolder } from '../adapters/dataFolder.ts'
import { openSqlite } from '../adapters/engine.sqlite.ts'
import { appendAudit } from '../kernel/audit.ts'
import type { Check } from '../kernel/checks.ts'
import { dropMeta } from '../store/meta.ts'
import { MOVED_TO } from '../store/moving.ts'
import { BackupError, FOR_US_ALONE, flush } from './backup.ts'
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
    copyWhole(from, draft)
    try {
      await verifyFile({ file: draft, shownAs: from, checks })
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

/** The restored store tells itself that it is one, and is the store also when it was moved away before. */
async function note(draft: string, from: string, now: number): Promise<void> {
  const engine = openSqlite(draft)
  const entry = { actor: 'operator', action: 'store.restored', target: basename(from) } as const
  await engine.write(async (changes) => {
    dropMeta(changes, MOVED_TO)
    await appendAudit(changes, [entry], now)
  })
  await engine.close()
  asOneFile(draft)
}

/** A store that was not closed in peace has its newest messages in the log beside it. */
function copyWhole(from: string, draft: string): void {
  if (!statSync(from).isFile()) throw new BackupError(`${from} is no file.`)
  for (const suffix of LOGGED)
    if (existsSync(from + suffix)) {
      copyFileSync(from + suffix, draft + suffix)
      chmodSync(draft + suffix, FOR_US_ALONE)
    }
}

/** A store and its log; the third file beside them is made anew. */
const LOGGED = ['', '-wal'] as const

/** As one file, so that nobody takes a part of it for the whole; with its log where it is too damaged for that. */
function putAside(file: string, now: number): string | null {
  if (!existsSync(file)) return null
  const kept = `${file}.before-${new Date(now).toISOString().replaceAll(/[:.]/g, '-')}`
  try {
    asOneFile(file)
  } catch {
    // Kept as it is: whoever looks into it later has all that we have.
  }
  for (const suffix of SIBLINGS)
    if (existsSync(file + suffix)) renameSync(file + suffix, kept + suffix)
  chmodSync(kept, FOR_US_ALONE)
  return kept
}
