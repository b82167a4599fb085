import { ChatError } from '@tertulia/protocol'
import { StoreBrokenError, StoreFullError } from '../store/engine.ts'
import { DatabaseError } from './databaseError.ts'

/** Result codes (SQLite, "Result and Error Codes"). */
const BUSY = 5
const IOERR = 10
const CORRUPT = 11
const FULL = 13
const NOTADB = 26

const codeOf = (error: unknown): number | null => {
  const { errcode } = error as { errcode?: unknown }
  return typeof errcode === 'number' ? errcode & 0xff : null
}

/** Full, or not able to write. */
export const isOfTheDisk = (error: unknown): boolean =>
  error instanceof StoreFullError || codeOf(error) === FULL || codeOf(error) === IOERR

/** Somebody else has what is needed. */
export const isBusy = (error: unknown): boolean => codeOf(error) === BUSY

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** The error in the words of the engine's contract; what is nobody's fault but ours stays as it is. */
export function named(error: unknown, file: string): unknown {
  if (error instanceof ChatError) return error
  switch (codeOf(error)) {
    case FULL:
      return new StoreFullError('The disk or the file is full.', { cause: error })
    case IOERR:
      return new StoreBrokenError(
        `${file} could not be read or written: ${messageOf(error)}. ` +
          'Look at the disk and at the log of the machine, and start again.',
        { cause: error },
      )
    case CORRUPT:
    case NOTADB:
      return new StoreBrokenError(damage(error, file), { cause: error })
    default:
      return error
  }
}

const damage = (error: unknown, file: string): string =>
  `${file} is damaged: ${messageOf(error)}. What it says cannot be trusted any more. ` +
  'Put a backup in its place: tertulia restore FILE.'

/** What whoever opens a file is told. */
export function operatorsError(error: unknown, file: string): unknown {
  const code = codeOf(error)
  if (code === null) return error
  if (code === CORRUPT || code === NOTADB)
    return new DatabaseError(damage(error, file), { cause: error })
  return new DatabaseError(
    `${file} cannot be opened: ${messageOf(error)}. Nothing was done. ` +
      'Look at who may read and write it and its folder, and at the room on the disk.',
    { cause: error },
  )
}
