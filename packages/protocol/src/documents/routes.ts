import { z } from 'zod'
import type { Operation, Rest } from '../define.ts'

type Fields = Readonly<Record<string, z.ZodType>>

/** Where each field of an input travels on the REST door. */
export interface RestFields {
  readonly path: Fields
  readonly query: Fields
  readonly body: Fields
  /** The field that the `Idempotency-Key` header carries. */
  readonly key: z.ZodType | undefined
}

const WITHOUT_BODY = new Set(['GET', 'DELETE'])

/** The names in braces of a path, in order. */
export function pathFields(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string)
}

/**
 * Splits an input into path, header, query and body.
 *
 * @throws when the input is not an object, or when the route names a field that the input does not have.
 */
export function restFields({ name, input }: Operation, rest: Rest): RestFields {
  if (!(input instanceof z.ZodObject)) {
    throw new Error(
      `The input of ${name} is not an object, so its fields have no place on REST. Declare an object.`,
    )
  }
  const open = new Map(Object.entries(input.shape as Fields))
  const take = (field: string): z.ZodType => {
    const schema = open.get(field)
    if (!schema)
      throw new Error(
        `The route of ${name} names ${field}, which its input does not have. Add the field.`,
      )
    open.delete(field)
    return schema
  }
  const path = Object.fromEntries(pathFields(rest.path).map((field) => [field, take(field)]))
  const key = rest.keyHeader === undefined ? undefined : take(rest.keyHeader)
  const others = Object.fromEntries(open)
  return WITHOUT_BODY.has(rest.method)
    ? { path, query: others, body: {}, key }
    : { path, query: {}, body: others, key }
}
