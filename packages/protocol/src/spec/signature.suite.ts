import { type JsonSchema, jsonSchemaDocument } from '../documents/index.ts'

const schemas = jsonSchemaDocument().$defs

/** A schema of the contract by its name: of an object, a frame, or `message.send.input`. */
export const schema = (name: string): JsonSchema => schemas[name] as JsonSchema

export const schemaNames: readonly string[] = Object.keys(schemas)

/** The fields of an operation about which the contract says more than a name and a type. */
export function described(
  operation: string,
): readonly (readonly [string, { readonly description: string }])[] {
  const properties = {
    ...schema(`${operation}.input`).properties,
    ...schema(`${operation}.output`).properties,
  }
  return Object.entries(properties).flatMap(([field, value]) =>
    typeof value === 'object' && value.description
      ? [[field, { description: value.description }] as const]
      : [],
  )
}

/** One line that tells a schema to a person: `{ id: Id, name?: Name or null }`. */
export function signature(schema: JsonSchema | boolean): string {
  if (typeof schema === 'boolean') return 'any'
  if (schema.$ref) return schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map(signature).join(' or ')
  if (Array.isArray(schema.type)) return schema.type.join(' or ')
  if (schema.type === 'array') return list(schema)
  if (schema.type === 'object') return object(schema)
  return schema.type ?? 'any'
}

function list({ prefixItems, items }: JsonSchema): string {
  if (prefixItems) return `[${prefixItems.map(signature).join(', ')}]`
  const item = items as JsonSchema
  return item.anyOf || item.oneOf || item.enum ? `(${signature(item)})[]` : `${signature(item)}[]`
}

function object(schema: JsonSchema): string {
  if (schema.additionalProperties && !schema.properties)
    return `{ [key]: ${signature(schema.additionalProperties)} }`
  const inside = fields(schema).join(', ')
  return inside === '' ? '{}' : `{ ${inside} }`
}

export function fields({ properties = {}, required = [] }: JsonSchema): readonly string[] {
  return Object.entries(properties).map(([name, field]) => {
    const optional = required.includes(name) ? '' : '?'
    const absent =
      typeof field === 'object' && 'default' in field ? ` = ${JSON.stringify(field.default)}` : ''
    return `${name}${optional}: ${signature(field)}${absent}`
  })
}
