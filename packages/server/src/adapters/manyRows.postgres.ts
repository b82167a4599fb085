import type { Value } from '../store/engine.ts'
import type { Compiled } from '../store/statement.ts'
import type { Columns } from './columns.postgres.ts'

/** One insert for any number of rows: each parameter is the array of a column. */
export class ManyRows {
  readonly #columns: Columns
  readonly #known = new Map<Compiled, Compiled>()

  constructor(columns: Columns) {
    this.#columns = columns
  }

  of(query: Compiled): Compiled {
    const known = this.#known.get(query)
    if (known) return known
    const made = { sql: this.#sqlOf(query), slots: query.slots }
    this.#known.set(query, made)
    return made
  }

  #sqlOf({ written }: Compiled): string {
    if (!written?.row) throw new Error('Only rows of a plain insert can be put together.')
    const { table, row } = written
    const given = row.filter(({ literal }) => literal === null)
    const names = row.map(({ column }) => quoted(column)).join(', ')
    const values = row.map(({ column, literal }) => literal ?? quoted(column)).join(', ')
    const arrays = given.map(
      ({ column }, index) => `$${index + 1}::${this.#columns.typeOf(table, column)}[]`,
    )
    const aliases = given.map(({ column }) => quoted(column)).join(', ')
    return `insert into ${quoted(table)} (${names}) select ${values} from unnest(${arrays.join(', ')}) as r(${aliases})`
  }
}

const quoted = (name: string): string => `"${name}"`

/** Rows turned on their side. */
export const columnsOf = (rows: readonly (readonly Value[])[]): Value[][] =>
  (rows[0] ?? []).map((_, index) => rows.map((row) => row[index] ?? null))
