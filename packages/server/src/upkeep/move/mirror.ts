import type { Changes, Dialect, Engine, Value } from '../../store/engine.ts'
import { type Claim, holdClaim } from '../../store/moving.ts'
import type { Compiled } from '../../store/statement.ts'
import type { MovedTable } from './tables.ts'

type Row = Readonly<Record<string, Value>>

export interface Mirroring {
  readonly from: Engine
  readonly to: Engine
  /** Held by every transaction that writes. */
  readonly claim: Claim
  /** Told after every slice: how many rows were compared, and how many of them were written. */
  readonly seen: (compared: number, written: number) => void
}

const SLICE = 2000

/**
 * Makes a table of one store equal to that of another: both are walked in the order of the key, and only what differs
 * is written. So an interrupted walk is gone on with by walking again, and a walk that writes nothing is the proof that
 * every row is there. Resolves with the number of rows that differed.
 */
export async function mirror(table: MovedTable, mirroring: Mirroring): Promise<number> {
  const { from, to, seen } = mirroring
  const columns = await columnsOf(table, from)
  const source = statementsFor(table, columns, from.dialect)
  const target = statementsFor(table, columns, to.dialect)
  let after: readonly Value[] | null = null
  let differing = 0
  for (;;) {
    const rows = await slice(from, source, after)
    const last = rows.at(-1)
    const until = rows.length < SLICE ? null : keyOf(table, last)
    const there = await range(to, target, { after, until })
    const written = await write(
      mirroring,
      { table, statements: target },
      difference(table, rows, there),
    )
    differing += written
    seen(rows.length, written)
    if (!until) return differing
    after = until
  }
}

const keyOf = ({ key }: MovedTable, row: Row | undefined): readonly Value[] | null =>
  row ? key.map((column) => row[column] ?? null) : null

async function columnsOf({ name }: MovedTable, from: Engine): Promise<readonly string[]> {
  const rows = await from.read((db) =>
    db.all<{ name: string }>(raw(`SELECT name FROM pragma_table_info('${name}')`), []),
  )
  return rows.map((row) => row.name)
}

interface Statements {
  readonly columns: readonly string[]
  readonly first: Compiled
  readonly next: Compiled
  /** All rows behind a key, up to and with another one. */
  readonly range: (bounds: { readonly after: boolean; readonly until: boolean }) => Compiled
  readonly insert: Compiled
  readonly remove: Compiled
}

const raw = (sql: string): Compiled => ({ sql, slots: [] })
const quoted = (name: string): string => `"${name}"`

/** Places for values, in the way of each engine. Both compare rows of values from left to right. */
const places = (dialect: Dialect, count: number, first = 1): string =>
  Array.from({ length: count }, (_, index) =>
    dialect === 'postgres' ? `$${first + index}` : '?',
  ).join(', ')

function statementsFor(
  { name, key }: MovedTable,
  columns: readonly string[],
  dialect: Dialect,
): Statements {
  const all = columns.map(quoted).join(', ')
  const order = key.map(quoted).join(', ')
  const keyAt = (first: number) => `(${places(dialect, key.length, first)})`
  const select = `SELECT ${all} FROM ${quoted(name)}`
  const behind = (first: number) => `(${order}) > ${keyAt(first)}`
  const ranges = new Map<string, Compiled>()
  return {
    columns,
    first: raw(`${select} ORDER BY ${order} LIMIT ${SLICE}`),
    next: raw(`${select} WHERE ${behind(1)} ORDER BY ${order} LIMIT ${SLICE}`),
    range({ after, until }) {
      const upTo = `(${order}) <= ${keyAt(after ? key.length + 1 : 1)}`
      const conditions = [...(after ? [behind(1)] : []), ...(until ? [upTo] : [])]
      const where = conditions.length > 0 ? ` WHERE ${conditions.join(' AND ')}` : ''
      const sql = `${select}${where} ORDER BY ${order}`
      const known = ranges.get(sql) ?? raw(sql)
      ranges.set(sql, known)
      return known
    },
    insert: {
      sql: `INSERT INTO ${quoted(name)} (${all}) VALUES (${places(dialect, columns.length)})`,
      slots: columns,
      written: { table: name, row: columns.map((column) => ({ column, literal: null })) },
    },
    remove: {
      sql: `DELETE FROM ${quoted(name)} WHERE (${order}) = ${keyAt(1)}`,
      slots: key,
      written: { table: name, row: null },
    },
  }
}

const slice = (engine: Engine, { first, next }: Statements, after: readonly Value[] | null) =>
  engine.read((db) => (after ? db.all<Row>(next, after) : db.all<Row>(first, [])))

const range = (
  engine: Engine,
  statements: Statements,
  {
    after,
    until,
  }: { readonly after: readonly Value[] | null; readonly until: readonly Value[] | null },
) =>
  engine.read((db) =>
    db.all<Row>(statements.range({ after: after !== null, until: until !== null }), [
      ...(after ?? []),
      ...(until ?? []),
    ]),
  )

interface Difference {
  readonly missing: readonly Row[]
  readonly odd: readonly Row[]
}

/** What the other side lacks, and what it has that is not so here. */
function difference(table: MovedTable, rows: readonly Row[], there: readonly Row[]): Difference {
  const textOf = (row: Row) =>
    JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)))
  const nameOf = (row: Row) => JSON.stringify(keyOf(table, row))
  const theirs = new Map(there.map((row) => [nameOf(row), textOf(row)]))
  const ours = new Map(rows.map((row) => [nameOf(row), textOf(row)]))
  return {
    missing: rows.filter((row) => theirs.get(nameOf(row)) !== textOf(row)),
    odd: there.filter((row) => ours.get(nameOf(row)) !== textOf(row)),
  }
}

/** One transaction for a slice: it is there as a whole or not at all. */
async function write(
  { to, claim }: Mirroring,
  { table, statements }: { readonly table: MovedTable; readonly statements: Statements },
  { missing, odd }: Difference,
): Promise<number> {
  if (missing.length + odd.length === 0) return 0
  await to.write(async (changes: Changes) => {
    await holdClaim(changes, claim)
    for (const row of odd) changes.put(statements.remove, keyOf(table, row) ?? [])
    for (const row of missing)
      changes.put(
        statements.insert,
        statements.columns.map((column) => row[column] ?? null),
      )
  })
  return Math.max(missing.length, odd.length)
}
