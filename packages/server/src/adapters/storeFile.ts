import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import type { StoreLook } from '../store/look.ts'
import { DatabaseError } from './databaseError.ts'
import { databaseFileIn, readMarkIn } from './dataFolder.ts'
import { lookAtFile } from './look.sqlite.ts'

const MAGIC = 'SQLite format 3\0'
/** Where the header says how large a page is and how many there are (SQLite file format, 1.3). */
const PAGE_SIZE_AT = 16
const PAGES_AT = 28
const HEADER_BYTES = 100
const LARGEST_PAGE = 65_536

export interface StoreFile {
  readonly file: string
  /** Something was stored here before. */
  readonly wasUsed: boolean
}

/** What a data folder holds. Changes nothing, and refuses a store that is not what it was. */
export function lookIntoFolder(dataDir: string): StoreLook {
  const file = databaseFileIn(dataDir)
  const wasUsed = readMarkIn(dataDir) !== null
  checkStoreFile({ file, wasUsed })
  const look = sizeOf(file) === 0 ? NOTHING : lookAtFile(file)
  // Whatever was used got its mark: this one was made anew by something that found no store.
  if (wasUsed && !look.meta.has('mark')) throw spoiltStore(file, 'is empty, and it was not')
  return look
}

const NOTHING: StoreLook = { applied: [], meta: new Map() }

/**
 * Refuses a store file that was cut, emptied or overwritten, before anything opens it: SQLite would take an empty file
 * for a new store. A log that was deleted cannot be told from one that was closed by whoever looked into the file.
 */
export function checkStoreFile(store: StoreFile): void {
  const fault = faultOf(store)
  if (fault !== null) throw spoiltStore(store.file, fault)
}

const spoiltStore = (file: string, fault: string): DatabaseError =>
  new DatabaseError(
    `${file} ${fault}. Going on would lose messages, or hide that they are lost. ` +
      'Put a backup in its place: tertulia restore FILE. ' +
      `To go on with what is left of it: tertulia restore ${file}`,
  )

function faultOf({ file, wasUsed }: StoreFile): string | null {
  const size = sizeOf(file)
  if (size === 0) return wasUsed ? 'is empty or gone, and it was not' : null
  const header = headerOf(file)
  if (header.toString('latin1', 0, MAGIC.length) !== MAGIC)
    return 'is no store: its first bytes are of something else'
  // What a checkpoint did not finish, by a kill or a full disk, is in the log still.
  if (hasLog(file)) return null
  if (size < pagesOf(header) * pageSizeOf(header))
    return 'is shorter than it says: its end is missing'
  return null
}

/** Which file has this name now; null for none. */
export function fileIdentity(file: string): string | null {
  const found = statSync(file, { throwIfNoEntry: false })
  return found ? `${found.dev}/${found.ino}` : null
}

const sizeOf = (file: string): number => (existsSync(file) ? statSync(file).size : 0)

const hasLog = (file: string): boolean =>
  existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 0

function headerOf(file: string): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  const handle = openSync(file, 'r')
  try {
    readSync(handle, bytes, 0, HEADER_BYTES, 0)
  } finally {
    closeSync(handle)
  }
  return bytes
}

const pagesOf = (header: Buffer): number => header.readUInt32BE(PAGES_AT)

/** One is written for the largest, which does not fit. */
const pageSizeOf = (header: Buffer): number => {
  const size = header.readUInt16BE(PAGE_SIZE_AT)
  return size === 1 ? LARGEST_PAGE : size
}
