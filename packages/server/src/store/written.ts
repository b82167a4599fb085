import type { RootOperationNode } from 'kysely'
import { Placeholder } from './compilers.ts'

/** What a statement writes: an engine that sends writes later must know what it may put together. */
export interface Written {
  readonly table: string
  /** The row of a plain insert, column by column; null for everything else. */
  readonly row: readonly ColumnValue[] | null
}

export interface ColumnValue {
  readonly column: string
  /** SQL that stands in the text of the statement; null for the next parameter. */
  readonly literal: string | null
}

/** Null for a statement that writes nothing. */
export function writtenBy(node: RootOperationNode): Written | null {
  switch (node.kind) {
    case 'InsertQueryNode':
      return { table: nameOf(node.into), row: rowOf(node) }
    case 'UpdateQueryNode':
      return { table: nameOf(node.table), row: null }
    case 'DeleteQueryNode':
      return { table: nameOf(node.from.froms[0]), row: null }
    default:
      return null
  }
}

function nameOf(node: unknown): string {
  const { table } = node as {
    readonly table?: { readonly identifier?: { readonly name?: string } }
  }
  const name = table?.identifier?.name
  if (name === undefined) throw new TypeError('A statement writes to something that is no table.')
  return name
}

type Insert = Extract<RootOperationNode, { readonly kind: 'InsertQueryNode' }>

/** Null for an insert that does anything besides, such as looking for conflicts. */
function rowOf(node: Insert): readonly ColumnValue[] | null {
  const { columns, values, onConflict, returning } = node
  if (!columns || onConflict || returning || values?.kind !== 'ValuesNode') return null
  const [list] = (values as { readonly values?: readonly { kind: string }[] }).values ?? []
  if (list?.kind !== 'PrimitiveValueListNode') return null
  const given = (list as unknown as { readonly values: readonly unknown[] }).values
  return columns.map(({ column }, index) => ({
    column: column.name,
    literal: given[index] instanceof Placeholder ? null : literalOf(given[index]),
  }))
}

function literalOf(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number') return String(value)
  throw new TypeError('Only null and numbers may stand in an insert as they are.')
}
