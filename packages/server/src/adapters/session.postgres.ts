import type { ClientBase, QueryArrayResult } from 'pg'
import type { Changes, Snapshot, Value } from '../store/engine.ts'
import { type Compiled, DIALECT } from '../store/statement.ts'
import type { Columns, Read } from './columns.postgres.ts'
import { named } from './errors.postgres.ts'
import { columnsOf, ManyRows } from './manyRows.postgres.ts'

/** Values stay text until the readers of the columns see them. */
const RAW = { getTypeParser: () => (text: string) => text } as never

const names = new Map<Compiled, string>()

/** The name under which a connection keeps the prepared statement. */
function nameOf(query: Compiled): string {
  const known = names.get(query)
  if (known) return known
  const name = `t${names.size}`
  names.set(query, name)
  return name
}

interface ResultColumn {
  readonly name: string
  readonly read: Read
}

/** What the columns of a statement are, for all connections to one database. */
export class Shapes {
  readonly manyRows: ManyRows
  readonly #columns: Columns
  readonly #known = new Map<Compiled, readonly ResultColumn[]>()

  constructor(columns: Columns) {
    this.#columns = columns
    this.manyRows = new ManyRows(columns)
  }

  rowsOf<Row>(query: Compiled, { fields, rows }: QueryArrayResult): Row[] {
    if (rows.length === 0) return []
    let shape = this.#known.get(query)
    if (!shape) {
      shape = fields.map((field) => ({ name: field.name, read: this.#columns.readerOf(field) }))
      this.#known.set(query, shape)
    }
    const columns = shape
    return rows.map((raw) => {
      const row: Record<string, unknown> = {}
      for (const [index, { name, read }] of columns.entries()) {
        const text: unknown = raw[index]
        row[name] = typeof text === 'string' ? read(text) : null
      }
      return row as Row
    })
  }
}

/** One transaction on one connection. Statements are sent at once and answered in order. */
export class PostgresSnapshot implements Snapshot {
  readonly [DIALECT] = 'postgres'
  readonly #client: ClientBase
  protected readonly shapes: Shapes

  constructor(client: ClientBase, shapes: Shapes) {
    this.#client = client
    this.shapes = shapes
  }

  async all<Row>(query: Compiled, values: readonly Value[]): Promise<Row[]> {
    return this.shapes.rowsOf<Row>(query, await this.send(query, values))
  }

  protected send(query: Compiled, values: readonly (Value | Value[])[]): Promise<QueryArrayResult> {
    return this.#client.query({
      name: nameOf(query),
      text: query.sql,
      values: values as Value[],
      rowMode: 'array',
      types: RAW,
    })
  }
}

/** Rows that one statement will write. */
interface Group {
  readonly query: Compiled
  readonly rows: (readonly Value[])[]
}

export class PostgresChanges extends PostgresSnapshot implements Changes {
  /** What was put and not sent yet, in order. Inserts into one table go together. */
  #groups: Group[] = []
  /** The last group that writes to a table: whatever comes after it must stay after it. */
  #lastOf = new Map<string, Group>()
  /** What was sent and not answered yet. */
  #pending: Promise<unknown>[] = []
  /** The first failure: everything after it only says that the transaction was aborted. */
  #failure: { readonly error: unknown } | null = null

  override all<Row>(query: Compiled, values: readonly Value[]): Promise<Row[]> {
    this.#flush()
    return super.all<Row>(query, values)
  }

  async run(query: Compiled, values: readonly Value[]): Promise<number> {
    this.#flush()
    return (await this.send(query, values)).rowCount ?? 0
  }

  put(query: Compiled, values: readonly Value[]): void {
    const { written } = query
    const last = written && this.#lastOf.get(written.table)
    if (last?.query === query && written?.row) {
      last.rows.push(values)
      return
    }
    const group: Group = { query, rows: [values] }
    this.#groups.push(group)
    if (written) this.#lastOf.set(written.table, group)
    else this.#lastOf.clear()
  }

  #flush(): void {
    const groups = this.#groups
    this.#groups = []
    this.#lastOf.clear()
    for (const { query, rows } of groups) {
      const [only] = rows
      const sent =
        rows.length === 1 && only
          ? this.send(query, only)
          : this.send(this.shapes.manyRows.of(query), columnsOf(rows))
      this.#pending.push(sent.catch(() => undefined))
    }
  }

  protected override async send(query: Compiled, values: readonly (Value | Value[])[]) {
    try {
      return await super.send(query, values)
    } catch (error) {
      this.#failure ??= { error: named(error) }
      throw this.#failure.error
    }
  }

  /** Sends what is left. Called before the commit is sent. */
  finish(): void {
    this.#flush()
  }

  /** Resolves when all that was put is answered. Rejects with the first failure of the transaction. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending)
    this.#pending = []
    if (this.#failure) throw this.#failure.error
  }
}
