import type { z } from 'zod'
import { refusedField } from './problem.ts'

/** How the text of a query or of a path becomes a value, by the type that the contract wants. */
export type FieldKind = 'text' | 'integer' | 'boolean' | { readonly listOf: FieldKind }

export type FieldKinds = ReadonlyMap<string, FieldKind>

/** Throws for a field that no query can hold: such an operation needs a body. */
export function kindOf(schema: z.core.$ZodType): FieldKind {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
      return kindOf(def.innerType)
    case 'string':
    case 'enum':
      return 'text'
    case 'number':
      return 'integer'
    case 'boolean':
      return 'boolean'
    case 'array':
      return { listOf: kindOf(def.element) }
    default:
      throw new Error(
        `A field of type ${def.type} cannot stand in a query. The route cannot be built. ` +
          'Use POST, or a string, an integer, a boolean or a list of them.',
      )
  }
}

/**
 * Reads a query by the kinds of its fields. Refuses unknown names and names given twice. A value that does not look
 * like its kind stays text, so that the schema refuses it and says why.
 */
export function parseQuery(text: string, kinds: FieldKinds): Record<string, unknown> {
  const fields = new Map<string, unknown>()
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const split = pair.indexOf('=')
    const name = decoded(split < 0 ? pair : pair.slice(0, split))
    const kind = kinds.get(name)
    if (kind === undefined) throw refusedField(name.slice(0, 64), 'unknown field')
    if (fields.has(name)) throw refusedField(name, 'must be given once')
    fields.set(name, coerce(decoded(split < 0 ? '' : pair.slice(split + 1)), kind))
  }
  return Object.fromEntries(fields)
}

const INTEGER = /^(0|-?[1-9]\d*)$/

export function coerce(text: string, kind: FieldKind): unknown {
  if (typeof kind === 'object')
    return text === '' ? [] : text.split(',').map((item) => coerce(item, kind.listOf))
  if (kind === 'integer' && INTEGER.test(text)) return Number(text)
  if (kind === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

/** Form decoding, but strict: a broken percent code is refused instead of becoming U+FFFD. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw refusedField('', 'the query holds a broken percent code')
  }
}

/** What stands behind the first `?` of a request target. */
export function queryOf(target: string): string {
  const mark = target.indexOf('?')
  return mark < 0 ? '' : target.slice(mark + 1)
}

/** Whether a query has a field of that name, however it is encoded. */
export const hasField = (query: string, name: string): boolean =>
  query !== '' && new URLSearchParams(query).has(name)
