import type { Changes, Snapshot } from './engine.ts'

/**
 * Rows of locked streams that a transaction has read or written. Nobody else can change them before the commit, so they
 * are read once, however many operations of a batch need them. Whoever writes such a row keeps it here.
 */
export class LockedRows {
  readonly #streams = new Map<string, Map<string, Promise<unknown>>>()

  /** From now on the rows of this stream belong to the transaction. */
  begin(stream: string): void {
    if (!this.#streams.has(stream)) this.#streams.set(stream, new Map())
  }

  /** The rows of a stream by key; null when it is not locked. */
  of(stream: string): Map<string, Promise<unknown>> | null {
    return this.#streams.get(stream) ?? null
  }
}

/** Where a transaction has its rows; kept out of the interface that features see. */
export const LOCKED_ROWS = Symbol('locked rows')

const rowsOf = (db: Snapshot, stream: string): Map<string, Promise<unknown>> | null =>
  (db as Snapshot & { readonly [LOCKED_ROWS]?: LockedRows })[LOCKED_ROWS]?.of(stream) ?? null

/** The row of a key, read once per transaction where its stream is locked. */
export async function readOnce<Row>(
  db: Snapshot,
  { stream, key }: { readonly stream: string; readonly key: string },
  read: () => Promise<Row | undefined>,
): Promise<Row | undefined> {
  const rows = rowsOf(db, stream)
  if (!rows) return read()
  // Kept as a promise, so that those who ask at the same time wait for one answer.
  if (!rows.has(key)) rows.set(key, read())
  return rows.get(key) as Promise<Row | undefined>
}

/** Says what a row is from now on: it was written, or read together with others. */
export function keepRow(
  db: Changes,
  { stream, key }: { readonly stream: string; readonly key: string },
  row: object | undefined,
): void {
  rowsOf(db, stream)?.set(key, Promise.resolve(row))
}

/** Changes what is kept of a row, if it is. */
export function changeRow<Row extends object>(
  db: Changes,
  { stream, key }: { readonly stream: string; readonly key: string },
  change: Partial<Row>,
): void {
  const rows = rowsOf(db, stream)
  const row = rows?.get(key) as Promise<Row | undefined> | undefined
  if (row)
    rows?.set(
      key,
      row.then((known) => known && { ...known, ...change }),
    )
}

/** Many rows of a stream were changed at once. */
export const forgetRows = (db: Changes, stream: string): void => rowsOf(db, stream)?.clear()
