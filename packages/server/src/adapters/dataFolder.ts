import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'

/** Everything that a server on the embedded store keeps, in one folder. */
export interface DataFolder {
  readonly databaseFile: string
  readMark(): string | null
  writeMark(mark: string): void
  /** Without a mark the next start takes the store for a restored one. */
  dropMark(): void
  release(): void
}

/** The engine would make it readable for all; the files beside it take its mode. */
export const createDatabaseFile = (file: string): void => closeSync(openSync(file, 'a', 0o600))

export const databaseFileIn = (folder: string): string => join(folder, 'tertulia.db')

const markFileIn = (folder: string): string => join(folder, 'store.mark')

/** What the store in the folder calls itself, also while somebody else has the folder. */
export function readMarkIn(folder: string): string | null {
  const file = markFileIn(folder)
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : null
}

/** The folder cannot be used; the message tells an operator why and what to do. */
class DataFolderError extends Error {
  override readonly name = 'DataFolderError'
}

/**
 * Takes a folder for this process. A lock of a process that is gone, after a crash or kill -9, is taken over at once.
 */
export function openDataFolder(folder: string): DataFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lockFile = join(folder, 'server.lock')
  takeLock(lockFile, folder)
  const markFile = markFileIn(folder)
  return {
    databaseFile: databaseFileIn(folder),
    readMark: () => readMarkIn(folder),
    writeMark: (mark) => writeDurably(markFile, `${mark}\n`),
    dropMark: () => rmSync(markFile, { force: true }),
    release: () => rmSync(lockFile, { force: true }),
  }
}

function takeLock(lockFile: string, folder: string): void {
  const mine = `${process.pid} ${startOf(process.pid)}\n`
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(lockFile, mine, { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const holder = readFileSync(lockFile, 'utf8').trim()
    if (isRunning(holder))
      throw new DataFolderError(
        `The data folder ${folder} is in use by process ${holder.split(' ')[0]}. ` +
          "Two servers on one embedded store would not see each other's messages. " +
          'Stop the other one, or choose another TERTULIA_DATA_DIR.',
      )
    rmSync(lockFile, { force: true })
  }
  throw new DataFolderError(
    `The lock of ${folder} cannot be taken. Another server starts there. Try again.`,
  )
}

/** A pid alone may belong to somebody else by now: Linux tells when its process began. */
function isRunning(holder: string): boolean {
  const [pid, start] = holder.split(' ')
  if (!pid || !/^\d+$/.test(pid)) return false
  try {
    process.kill(Number(pid), 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return start === startOf(Number(pid))
}

function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-'
  }
}

function writeDurably(file: string, text: string): void {
  const draft = `${file}.new`
  const handle = openSync(draft, 'w', 0o600)
  try {
    writeFileSync(handle, text)
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
  renameSync(draft, file)
}
