import { DatabaseSync } from 'node:sqlite'
import { openSqlite } from '../adapters/engine.sqlite.ts'
import type { Check } from '../kernel/checks.ts'
import { migrations } from '../migrations/index.ts'
import { type AppliedMigration, missingMigrations } from '../store/migrate.ts'
import { checkStore, type FoundFault } from './checkStore.ts'

/** A file that is no whole store; the message says what is wrong with it. */
class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError'
}

const MOST = 5

export interface Verification {
  readonly file: string
  /** What the operator calls it. */
  readonly shownAs: string
  readonly checks: readonly Check[]
}

/** A store in use is a file with its log and its index beside it. */
export const SIBLINGS = ['', '-wal', '-shm'] as const

/**
 * Makes sure that a file is a store that this program can run on, page by page and row by row. Whatever lay beside the
 * file is part of it afterwards.
 */
export async function verifyFile({ file, shownAs, checks }: Verification): Promise<void> {
  checkPages(file, shownAs)
  const engine = openSqlite(file)
  const faults: FoundFault[] = []
  try {
    await checkStore({
      engine,
      checks,
      repair: false,
      found: (fault) => void faults.push(fault),
      progress() {},
    })
  } finally {
    await engine.close()
  }
  asOneFile(file)
  const lost = faults.filter(({ state }) => state === 'lost')
  if (lost.length > 0)
    throw new DamagedFileError(
      `${shownAs} has ${lost.length} rows that cannot be right:\n${lost
        .slice(0, MOST)
        .map(({ where, what }) => `  ${where} ${what}`)
        .join('\n')}`,
    )
}

function checkPages(file: string, shownAs: string): void {
  let db: DatabaseSync | null = null
  try {
    db = new DatabaseSync(file, { readOnly: true })
    const [first] = db.prepare('PRAGMA integrity_check(1)').all() as { integrity_check: string }[]
    if (first?.integrity_check !== 'ok') throw new Error(first?.integrity_check)
    const applied = db.prepare('SELECT id, name, checksum FROM migrations ORDER BY id').all()
    missingMigrations(applied as unknown as AppliedMigration[], migrations)
  } catch (error) {
    throw new DamagedFileError(
      `${shownAs} is no whole store of Tertulia: ${error instanceof Error ? error.message : String(error)}.`,
    )
  } finally {
    db?.close()
  }
}

/** Without a log beside it. */
export function asOneFile(file: string): void {
  const db = new DatabaseSync(file)
  db.exec('PRAGMA journal_mode = DELETE')
  db.close()
}
