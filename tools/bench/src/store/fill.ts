import { DatabaseSync } from 'node:sqlite'
import type { StoreFolder } from './folder.ts'
import { openServer } from './server.ts'

/** When every seeded thing happened first: before anything that a bench does. */
export const LONG_AGO = Date.UTC(2026, 0, 1)

/**
 * Lets a server make an empty store, and fills it past the write queue, in bulk: for stores that would take hours to
 * write message by message. Nothing is flushed to the disk meanwhile; the file is closed and in its usual mode after it.
 */
export async function fillStore(
  folder: StoreFolder,
  fill: (db: DatabaseSync) => void,
): Promise<void> {
  const server = await openServer(folder.path, {})
  await server.stop()
  const db = new DatabaseSync(folder.file)
  try {
    db.exec(`PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
      PRAGMA cache_size = -1000000; PRAGMA temp_store = MEMORY;`)
    db.exec('BEGIN')
    fill(db)
    db.exec('COMMIT')
    db.exec('PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL;')
  } finally {
    db.close()
  }
}
