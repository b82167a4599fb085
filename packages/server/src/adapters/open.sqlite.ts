import { DatabaseSync } from 'node:sqlite'
import { isBusy } from './errors.sqlite.ts'

/** Between two tries. */
const PAUSE_MS = 20

/**
 * Opens a file for writing and turns it to a write-ahead log. Every commit is flushed to the disk before it returns.
 * Whoever else has the file is waited for, `waitMs` at most, from the first statement on.
 */
export function openForWriting(file: string, waitMs: number): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: waitMs })
  try {
    turnToLog(db, waitMs / PAUSE_MS)
    db.exec('PRAGMA synchronous = FULL')
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/**
 * Where two turn one new file at once, each would wait for the other: SQLite then says "busy" at once, whatever the
 * timeout (SQLite, "Sqlite3 Busy Handler").
 */
function turnToLog(db: DatabaseSync, tries: number): void {
  try {
    db.exec('PRAGMA journal_mode = WAL')
  } catch (error) {
    if (!isBusy(error) || tries <= 1) throw error
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS)
    turnToLog(db, tries - 1)
  }
}
