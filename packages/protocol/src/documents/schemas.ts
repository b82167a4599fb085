import { z } from 'zod'
import { clientFrames, Problem, serverFrames } from '../frames.ts'
import { events, operations } from '../index.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** Who writes the value. A writer is held to the letter; a reader ignores fields that it does not know. */
export type Written = 'byClient' | 'byServer'

interface Root {
  readonly name: string
  readonly schema: z.ZodType
  readonly written: Written
}

/** The name of a frame in every document: the id that its schema declares. */
export function frameName(frame: z.ZodType): string {
  const id = frame.meta()?.id
  if (typeof id !== 'string')
    throw new Error('A frame has no id, so no document can name it. Give it .meta({ id }).')
  return id
}

/** Everything that crosses the wire: operations, events, frames, each under its name in the documents. */
export function roots(): readonly Root[] {
  return [
    ...operations.flatMap(({ name, input, output }): Root[] => [
      { name: `${name}.input`, schema: input, written: 'byClient' },
      { name: `${name}.output`, schema: output, written: 'byServer' },
    ]),
    ...events.map(
      ({ name, data }): Root => ({ name: `${name}.data`, schema: data, written: 'byServer' }),
    ),
    ...clientFrames.map(
      (schema): Root => ({ name: frameName(schema), schema, written: 'byClient' }),
    ),
    ...[...serverFrames, Problem].map(
      (schema): Root => ({ name: frameName(schema), schema, written: 'byServer' }),
    ),
  ]
}

interface Rendered {
  readonly zodSchema: z.core.$ZodTypes
  readonly jsonSchema: JsonSchema
}

/**
 * What zod renders and we mean differently: what a server says is open, because newer servers may say more, and
 * a default is told even where zod hides it because the value is judged before it is parsed.
 */
export function asMeant({ zodSchema, jsonSchema }: Rendered, written: Written): void {
  if (written === 'byServer' && jsonSchema.additionalProperties === false)
    delete jsonSchema.additionalProperties
  const { def } = zodSchema._zod
  if (written === 'byClient' && def.type === 'default')
    jsonSchema.default ??= def.defaultValue as JsonSchema['default']
}

/** Words for people, which no machine checks. */
const NOTES = ['title', 'description', 'examples'] as const

/** Which dialect the schemas are written in, and whether without words for people. */
export type Dialect = 'draft-2020-12' | 'draft-07' | 'bare'

/** Where a `$ref` of each dialect points. */
export const DEFINITIONS = {
  'draft-2020-12': '#/$defs/',
  'draft-07': '#/definitions/',
  bare: '#/$defs/',
} as const satisfies Record<Dialect, string>

/**
 * One map of named schemas in which every `$ref` is the prefix of `DEFINITIONS` and a name of the map.
 *
 * @throws when one name stands for two shapes, which happens when a strict input and an open output share a schema.
 */
export function namedSchemas(dialect: Dialect): Readonly<Record<string, JsonSchema>> {
  const named = new Map<string, JsonSchema>()
  for (const root of roots()) {
    const { $schema, $defs, definitions, ...schema } = z.toJSONSchema(root.schema, {
      target: dialect === 'bare' ? 'draft-2020-12' : dialect,
      io: root.written === 'byClient' ? 'input' : 'output',
      override: (rendered) => {
        asMeant(rendered, root.written)
        if (dialect === 'bare') for (const note of NOTES) delete rendered.jsonSchema[note]
      },
    })
    for (const [name, definition] of Object.entries({ ...$defs, ...(definitions as typeof $defs) }))
      add(named, name, definition)
    if (schema.$ref !== DEFINITIONS[dialect] + root.name) add(named, root.name, schema)
  }
  return Object.fromEntries([...named].sort(([a], [b]) => (a < b ? -1 : 1)))
}

function add(named: Map<string, JsonSchema>, name: string, schema: JsonSchema): void {
  const known = named.get(name)
  if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
    throw new Error(
      `The name ${name} stands for two schemas, so a reader would check against the wrong one. ` +
        'Declare a strict schema for input and an open one for output.',
    )
  }
  named.set(name, schema)
}
