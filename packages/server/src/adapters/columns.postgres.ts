import type { ClientBase, FieldDef } from 'pg'
import { toNumber } from '../store/numbers.ts'

/** Makes the value of a column out of the text that PostgreSQL sends. */
export type Read = (text: string) => unknown

interface CatalogRow {
  readonly place: string
  readonly name: string
  readonly id: boolean
  readonly type: string
}

const INT8 = 20
const INT4 = 23
const INT2 = 21
const BOOL = 16

const asText: Read = (text) => text
const asBoolean: Read = (text) => text === 't'

/**
 * Which columns hold ids: those declared with the domain `tertulia_id`. On the wire both ids and numbers are int8,
 * and an id must never become a JS number.
 */
export class Columns {
  readonly #ids: ReadonlySet<string>
  readonly #types: ReadonlyMap<string, string>

  private constructor(ids: ReadonlySet<string>, types: ReadonlyMap<string, string>) {
    this.#ids = ids
    this.#types = types
  }

  static async of(client: ClientBase): Promise<Columns> {
    const { rows } = await client.query<CatalogRow>(
      `SELECT a.attrelid || '.' || a.attnum AS place, c.relname || '.' || a.attname AS name,
         t.typname = 'tertulia_id' AS id,
         format_type(CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE t.oid END, NULL) AS type
       FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid JOIN pg_class c ON c.oid = a.attrelid
       WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0`,
    )
    return new Columns(
      new Set(rows.flatMap(({ place, id }) => (id ? [place] : []))),
      new Map(rows.map(({ name, type }) => [name, type])),
    )
  }

  /** The SQL name of the type behind a column. */
  typeOf(table: string, column: string): string {
    const type = this.#types.get(`${table}.${column}`)
    if (!type) throw new Error(`There is no column ${table}.${column}.`)
    return type
  }

  readerOf({ tableID, columnID, dataTypeID }: FieldDef): Read {
    if (dataTypeID === INT8) return this.#ids.has(`${tableID}.${columnID}`) ? asText : toNumber
    if (dataTypeID === INT4 || dataTypeID === INT2) return Number
    return dataTypeID === BOOL ? asBoolean : asText
  }
}
