import { ChatError, type Method, type Operation } from '@tertulia/protocol'
import { z } from 'zod'
import type { JsonBody } from './body.ts'
import { refusedField } from './problem.ts'
import { coerce, type FieldKinds, kindOf, parseQuery } from './query.ts'

/** A REST route, derived from an operation. */
export interface OperationRoute {
  readonly operation: Operation
  readonly method: Method
  /** The path with `:field` for `{field}`. */
  readonly url: string
  /** Where the fields stand that are not in the path. */
  readonly carrier: 'query' | 'body'
  readonly pathKinds: FieldKinds
  /** Empty for routes with a body. */
  readonly queryKinds: FieldKinds
  /** The field that the `Idempotency-Key` header fills. */
  readonly keyField: string | null
}

/** The routes of all operations that have one. Throws for an operation whose path or query cannot be derived. */
export function routesOf(operations: readonly Operation[]): readonly OperationRoute[] {
  return operations.flatMap((operation) =>
    operation.rest ? [routeOf(operation, operation.rest)] : [],
  )
}

function routeOf(
  operation: Operation,
  { method, path, keyHeader }: NonNullable<Operation['rest']>,
): OperationRoute {
  const shape = shapeOf(operation)
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const missing = names.find((name) => !(name in shape))
  if (missing)
    throw new Error(
      `The path of ${operation.name} names ${missing}, which is no field of its input.`,
    )

  const carrier = method === 'GET' || method === 'DELETE' ? 'query' : 'body'
  const others = Object.entries(shape).filter(([name]) => !names.includes(name))
  const kinds = (fields: readonly (readonly [string, z.core.$ZodType])[]): FieldKinds =>
    new Map(fields.map(([name, schema]) => [name, kindOf(schema)]))
  return {
    operation,
    method,
    url: path.replace(/\{(\w+)\}/g, ':$1'),
    carrier,
    pathKinds: kinds(Object.entries(shape).filter(([name]) => names.includes(name))),
    queryKinds: kinds(carrier === 'query' ? others : []),
    keyField: keyHeader ?? null,
  }
}

function shapeOf({ name, input }: Operation): Readonly<Record<string, z.core.$ZodType>> {
  if (input instanceof z.ZodObject) return input.shape
  throw new Error(`The input of ${name} is not an object: no route can be derived from it.`)
}

/** A request, taken apart. */
export interface RequestParts {
  readonly params: unknown
  readonly query: string
  readonly body: JsonBody | null
  readonly idempotencyKey: string | undefined
}

/**
 * Puts the input of an operation together. Every field has one place: whatever stands in two, or in the wrong one,
 * is refused. What the fields hold is the contract's business, not this one's.
 */
export function readInput(
  route: OperationRoute,
  { params, query, body, idempotencyKey }: RequestParts,
): unknown {
  const carried = route.carrier === 'query' ? readQuery(route, query, body) : readBody(query, body)
  const fields = { ...carried, ...readPath(route, params) }
  for (const name of route.pathKinds.keys())
    if (Object.hasOwn(carried, name)) throw refusedField(name, 'stands in the path already')
  return withKey(fields, route.keyField, idempotencyKey)
}

function readPath({ pathKinds }: OperationRoute, params: unknown): Record<string, unknown> {
  const texts = params as Readonly<Record<string, string>>
  // The router lets `/v1/users/` pass with an empty id: that is another address, and there is nothing.
  if (Object.values(texts).includes('')) throw new ChatError('not_found')
  return Object.fromEntries(
    [...pathKinds].map(([name, kind]) => [name, coerce(texts[name] ?? '', kind)]),
  )
}

function readQuery(
  { queryKinds }: OperationRoute,
  query: string,
  body: JsonBody | null,
): Record<string, unknown> {
  if (body) throw refusedField('', 'this request takes no body: its fields stand in the query')
  return parseQuery(query, queryKinds)
}

function readBody(query: string, body: JsonBody | null): Record<string, unknown> {
  if (query !== '')
    throw refusedField('', 'this request takes no query: its fields stand in the body')
  if (!body) return {}
  const { value } = body
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refusedField('', 'must be an object')
  return { ...value }
}

function withKey(
  fields: Record<string, unknown>,
  keyField: string | null,
  header: string | undefined,
): Record<string, unknown> {
  if (keyField === null || header === undefined) return fields
  // The header is a quoted string by its draft, and bare in most clients.
  const key = header.replace(/^"(.*)"$/, '$1')
  if (fields[keyField] !== undefined && fields[keyField] !== key)
    throw refusedField(keyField, 'differs from the Idempotency-Key header')
  return { ...fields, [keyField]: key }
}
