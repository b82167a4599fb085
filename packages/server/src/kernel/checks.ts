import type { Changes, Engine, Snapshot } from '../store/engine.ts'

/** Something in the store that cannot be right. */
export interface Finding {
  /** The row, in words that find it: `channel 123, message 5`. Never content. */
  readonly where: string
  /** What is wrong with it. */
  readonly what: string
  /** Sets right what follows from other rows; null where only a backup helps. */
  readonly repair: ((changes: Changes) => void) | null
}

/** A look at one kind of row, in slices that hold nobody up. Features declare theirs. */
export interface Check {
  readonly name: string
  /** What it makes sure of, in one sentence. */
  readonly holds: string
  run(look: Look): AsyncIterable<Finding>
}

export interface Look {
  readonly engine: Engine
  /** Told how many more rows were looked at. */
  readonly seen: (rows: number) => void
}

const SLICE = 500

/**
 * All rows of a table, a slice at a time: `page` gives those after a row, in a fixed order. Rows that change meanwhile
 * are seen before or after the change.
 */
export async function* slices<Row>(
  { engine, seen }: Look,
  page: (db: Snapshot, after: Row | null, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  let after: Row | null = null
  for (;;) {
    const from: Row | null = after
    const rows: readonly Row[] = await engine.read((db) => page(db, from, SLICE))
    if (rows.length > 0) yield rows
    seen(rows.length)
    after = rows.at(-1) ?? null
    if (rows.length < SLICE) return
  }
}
