import { type RawBuilder, sql } from 'kysely'
import type { Dialect } from './engine.ts'

/** A list as one parameter: JSON, which both engines can take apart. */
export const listOf = (items: readonly string[]): string => JSON.stringify(items)

/** Whether a text column is one of a list. */
export const isOneOf = (column: string, list: string, dialect: Dialect): RawBuilder<boolean> =>
  dialect === 'postgres'
    ? sql<boolean>`${sql.ref(column)} in (select jsonb_array_elements_text(${list}::jsonb))`
    : sql<boolean>`${sql.ref(column)} in (select value from json_each(${list}))`

/** The same for a column of ids. */
export const isOneOfIds = (column: string, list: string, dialect: Dialect): RawBuilder<boolean> =>
  dialect === 'postgres'
    ? sql<boolean>`${sql.ref(column)} in (select jsonb_array_elements_text(${list}::jsonb)::bigint)`
    : sql<boolean>`${sql.ref(column)} in (select cast(value as integer) from json_each(${list}))`
