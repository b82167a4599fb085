import type { Compiled } from './statement.ts'

export type Dialect = 'sqlite' | 'postgres'
export type Value = string | number | null

/** One consistent view of the store. Whatever is read through it stands at one moment. */
export interface Snapshot {
  all<Row>(statement: Compiled, values: readonly Value[]): Promise<Row[]>
}

/** A snapshot that can also change things; they become visible together or not at all. */
export interface Changes extends Snapshot {
  /** Returns how many rows changed. */
  run(statement: Compiled, values: readonly Value[]): Promise<number>
  /**
   * Writes a row without waiting for the answer. An engine may send it later, but before any read of this
   * transaction; a failure surfaces at the latest in the commit.
   */
  put(statement: Compiled, values: readonly Value[]): void
}

/**
 * A database. Obligations: `write` is atomic and, once it resolves, durable against power loss; a read never sees
 * part of a write. Nothing but store work may be awaited inside either.
 */
export interface Engine {
  readonly dialect: Dialect
  /**
   * Whether writes run one after another in the whole store. Where they do not, a transaction sees what others
   * committed in between, statement by statement, and relies on the locks of its streams and on unique keys.
   */
  readonly serial: boolean
  read<T>(job: (snapshot: Snapshot) => Promise<T>): Promise<T>
  write<T>(job: (changes: Changes) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/** The store refused for lack of room: nothing was written, reads go on. */
export class StoreFullError extends Error {
  override readonly name = 'StoreFullError'
}

/** Another transaction was faster. This one was undone as a whole, and may do better when it is run again. */
export class StoreConflictError extends Error {
  override readonly name = 'StoreConflictError'
}

/** The store cannot be reached now, or did not answer in time. Whether a commit that was under way holds is unknown. */
export class StoreAwayError extends Error {
  override readonly name = 'StoreAwayError'
}

/** The store failed in a way after which nothing it says can be trusted: the process must end and start anew. */
export class StoreBrokenError extends Error {
  override readonly name = 'StoreBrokenError'
}
