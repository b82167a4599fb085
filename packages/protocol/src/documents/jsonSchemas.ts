import { PROTOCOL } from '../version.ts'
import { type JsonSchema, namedSchemas } from './schemas.ts'

export interface JsonSchemaDocument {
  readonly $schema: 'https://json-schema.org/draft/2020-12/schema'
  readonly $id: string
  readonly title: string
  readonly $defs: Readonly<Record<string, JsonSchema>>
}

/**
 * The whole contract as one JSON Schema document (2020-12). `$defs` holds `<operation>.input`,
 * `<operation>.output`, `<event>.data`, every frame and every object by name. Inputs refuse unknown fields,
 * what comes from the server allows them. Bounds in bytes and some rules about text are words in `description`.
 */
export function jsonSchemaDocument(): JsonSchemaDocument {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `urn:tertulia:protocol:${PROTOCOL}`,
    title: 'Tertulia',
    $defs: namedSchemas('draft-2020-12'),
  }
}
