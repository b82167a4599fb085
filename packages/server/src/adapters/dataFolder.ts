import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

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
 * Makes a folder for us alone, and those above it that are missing. Step by step: where nothing can be made, as below
 * `/proc`, the system's own way would try for ever.
 */
export function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw unusableFolder(folder, 'it is a file')
  makeFolder(dirname(resolve(folder)))
  try {
    mkdirSync(folder, FOR_US_ALONE)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw unusableFolder(folder, message)
  }
}

const FOR_US_ALONE = 0o700

const unusableFolder = (folder: string, why: string): DataFolderError =>
  new DataFolderError(
    `The folder ${folder} cannot be made: ${why}. Nothing could be kept in it. ` +
      'Name another one, or let this account write there.',
  )

/**
 * Takes a folder for this process. A lock of a process that is gone, after a crash or kill -9, is taken over at once.
 */
export function openDataFolder(folder: string): DataFolder {
  makeFolder(folder)
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
  const { state } = factsOf(Number(pid))
  return start === startOf(Number(pid)) && !GONE.has(state)
}

/** Killed, and waiting for nothing but that its parent takes notice (proc(5)). */
const GONE = new Set(['Z', 'X', 'x'])

const startOf = (pid: number): string => factsOf(pid).start

/** What Linux tells of a process; other systems tell nothing. */
function factsOf(pid: number): { readonly state: string; readonly start: string } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { state: fields[0] ?? '-', start: fields[19] ?? '-' }
  } catch {
    return { state: '-', start: '-' }
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
