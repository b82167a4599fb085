import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { databaseFileIn, makeFolder } from '../adapters/dataFolder.ts'
import { isOfTheDisk, operatorsError } from '../adapters/errors.sqlite.ts'
import type { Check } from '../kernel/checks.ts'
import { SIBLINGS, verifyFile } from './verifyFile.ts'

/** Something about a backup is not as it must be; the message tells an operator why and what to do. */
export class BackupError extends Error {
  override readonly name = 'BackupError'
}

export interface BackupOptions {
  readonly dataDir: string
  readonly to: string
  /** What the copy must stand. */
  readonly checks: readonly Check[]
  readonly progress: (done: number, total: number) => void
}

/** The mode of a file that holds messages. */
export const FOR_US_ALONE = 0o600

/** Pages that are copied before others get a turn: a running server waits for none of them. */
const PAGES = 256

/**
 * Copies the embedded store into one file, beside a running server: the copy is of one moment. It gets its name only
 * when it is whole, verified and on the disk.
 */
export async function backUp({ dataDir, to, checks, progress }: BackupOptions): Promise<void> {
  const source = databaseFileIn(dataDir)
  const target = resolve(to)
  if (/[/\\]$/.test(to))
    throw new BackupError(
      `${to} is the name of a folder. A backup is one file. Name it too: ${join(to, 'monday.db')}`,
    )
  if (existsSync(target))
    throw new BackupError(`${to} is there already. A backup replaces nothing. Choose another name.`)
  makeFolder(dirname(target))
  const draft = `${target}.part`
  rmSync(draft, { force: true })
  // Made before anything is in it: all messages are in a backup.
  closeSync(openSync(draft, 'wx', FOR_US_ALONE))
  try {
    await copy(source, draft, progress)
    await verifyFile({ file: draft, shownAs: to, checks })
    flush(draft)
    renameSync(draft, target)
    flush(dirname(target))
  } catch (error) {
    throw isOfTheDisk(error) ? noRoom(to, error) : operatorsError(error, source)
  } finally {
    for (const suffix of [...SIBLINGS, '-journal']) rmSync(draft + suffix, { force: true })
  }
}

const noRoom = (to: string, cause: unknown): BackupError =>
  new BackupError(
    `${to} could not be written: ${cause instanceof Error ? cause.message : String(cause)}. ` +
      'There is no new backup, and nothing is left of this one. ' +
      'Make room on that disk, or name a file on another one.',
  )

async function copy(source: string, draft: string, progress: BackupOptions['progress']) {
  const db = new DatabaseSync(source, { readOnly: true })
  try {
    await backup(db, draft, {
      rate: PAGES,
      progress: ({ totalPages, remainingPages }) =>
        progress(totalPages - remainingPages, totalPages),
    })
  } finally {
    db.close()
  }
}

/** Also of a folder: the new name is on the disk only then. */
export function flush(path: string): void {
  const handle = openSync(path, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
