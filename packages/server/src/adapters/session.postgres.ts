import type { ClientBase, QueryArrayResult } from 'pg'
import type { Changes, Snapshot, Value } from '../store/engine.ts'
import { type Compiled, DIALECT } from '../store/statement.ts'
import type { Columns, Read } from './columns.postgres.ts'
import { named } from './errors.postgres.ts'

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
  readonly #columns: Columns
  readonly #known = new Map<Compiled, readonly ResultColumn[]>()

  constructor(columns: Columns) {
    this.#columns = columns
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
  readonly #shapes: Shapes

  constructor(client: ClientBase, shapes: Shapes) {
    this.#client = client
    this.#shapes = shapes
  }

  async all<Row>(query: Compiled, values: readonly Value[]): Promise<Row[]> {
    return this.#shapes.rowsOf<Row>(query, await this.send(query, values))
  }

  protected send(query: Compiled, values: readonly Value[]): Promise<QueryArrayResult> {
    return this.#client.query({
      name: nameOf(query),
      text: query.sql,
      values: values as Value[],
      rowMode: 'array',
      types: RAW,
    })
  }
}

export class PostgresChanges extends PostgresSnapshot implements Changes {
  /** What was sent by `put` and not answered yet. */
  #pending: Promise<unknown>[] = []
  /** The first failure: everything after it only says that the transaction was aborted. */
  #failure: { readonly error: unknown } | null = null

  async run(query: Compiled, values: readonly Value[]): Promise<number> {
    return (await this.send(query, values)).rowCount ?? 0
  }

  put(query: Compiled, values: readonly Value[]): void {
    this.#pending.push(this.send(query, values).catch(() => undefined))
  }

  protected override async send(query: Compiled, values: readonly Value[]) {
    try {
      return await super.send(query, values)
    } catch (error) {
      this.#failure ??= { error: named(error) }
      throw this.#failure.error
    }
  }

  /** Resolves when all that was put is answered. Rejects with the first failure of the transaction. */
  async settled(): Promise<void> {
    await Promise.all(this.#pending)
    this.#pending = []
    if (this.#failure) throw this.#failure.error
  }
}
