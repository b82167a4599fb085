import type { ClientBase, FieldDef } from 'pg'

/** Makes the value of a column out of the text that PostgreSQL sends. */
export type Read = (text: string) => unknown

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

  constructor(ids: ReadonlySet<string>) {
    this.#ids = ids
  }

  static async of(client: ClientBase): Promise<Columns> {
    const { rows } = await client.query<{ place: string }>(
      `SELECT a.attrelid || '.' || a.attnum AS place FROM pg_attribute a
       JOIN pg_type t ON t.oid = a.atttypid WHERE t.typname = 'tertulia_id'`,
    )
    return new Columns(new Set(rows.map(({ place }) => place)))
  }

  readerOf({ tableID, columnID, dataTypeID }: FieldDef): Read {
    if (dataTypeID === INT8) return this.#ids.has(`${tableID}.${columnID}`) ? asText : Number
    if (dataTypeID === INT4 || dataTypeID === INT2) return Number
    return dataTypeID === BOOL ? asBoolean : asText
  }
}
