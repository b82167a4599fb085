import { z } from 'zod'
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
} from 'zod-openapi'
import type { Caller, Operation, Rest } from '../define.ts'
import { operations } from '../index.ts'
import { PROTOCOL, wireHistory } from '../version.ts'
import { generalResponses, problemResponses, problemSchemas } from './problems.ts'
import { type RestFields, restFields } from './routes.ts'
import { asMeant } from './schemas.ts'

export type OpenApiDocument = ReturnType<typeof createDocument>

/** The version of every document: the major of the wire, and how often it was changed since. */
export const documentVersion = `${PROTOCOL}.${wireHistory.length - 1}.0`

const SECURITY = { user: 'userToken', server: 'apiKey' } as const satisfies Record<Caller, string>

const RETRIES = {
  safe: 'Repeating it changes nothing more.',
  keyed: 'Repeating it with the same key gives the first answer.',
}

/** The REST door as an OpenAPI 3.1 document, derived from the operations. */
export function openApiDocument(): OpenApiDocument {
  return createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Tertulia',
        version: documentVersion,
        description:
          'Chat for your own app, on your own machines. What the fields promise is told in SPEC.md.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: '/', description: 'The server that gave you this document.' }],
      tags: tags(),
      paths: paths(),
      components: {
        schemas: problemSchemas,
        responses: generalResponses(),
        securitySchemes: {
          [SECURITY.user]: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'A user token, minted by your own server.',
          },
          [SECURITY.server]: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'tsk_…',
            description: 'An API key, for servers only.',
          },
        },
      },
    },
    {
      override: ({ zodSchema, jsonSchema, io }) => asMeant({ zodSchema, jsonSchema }, WRITTEN[io]),
    },
  )
}

const WRITTEN = { input: 'byClient', output: 'byServer' } as const

const nounOf = ({ name }: Operation): string => name.slice(0, name.indexOf('.'))

function tags(): { name: string; description: string }[] {
  const names = new Map<string, string[]>()
  for (const operation of operations.filter(({ rest }) => rest)) {
    names.set(nounOf(operation), [...(names.get(nounOf(operation)) ?? []), `\`${operation.name}\``])
  }
  return [...names].map(([name, calls]) => ({
    name,
    description: `The calls ${calls.join(', ')}.`,
  }))
}

function paths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {}
  for (const operation of operations) {
    if (!operation.rest) continue
    const method = operation.rest.method.toLowerCase() as Lowercase<Rest['method']>
    paths[operation.rest.path] = {
      ...paths[operation.rest.path],
      [method]: call(operation, operation.rest),
    }
  }
  return paths
}

function call(operation: Operation, rest: Rest): ZodOpenApiOperationObject {
  const fields = restFields(operation, rest)
  return {
    operationId: operation.name,
    summary: operation.summary,
    description: `Rate class \`${operation.rate}\`. ${RETRIES[operation.retry]}`,
    tags: [nounOf(operation)],
    security: operation.callers.map((caller) => ({ [SECURITY[caller]]: [] })),
    requestParams: parameters(fields),
    ...(isEmpty(fields.body)
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: z.strictObject(fields.body) } },
          },
        }),
    responses: {
      '200': {
        description: 'Done.',
        content: { 'application/json': { schema: operation.output } },
      },
      ...problemResponses(operation),
    },
  }
}

function parameters({
  path,
  query,
  key,
}: RestFields): NonNullable<ZodOpenApiOperationObject['requestParams']> {
  return {
    ...(isEmpty(path) ? {} : { path: z.object(path) }),
    ...(isEmpty(query) ? {} : { query: z.object(withCommas(query)) }),
    ...(key ? { header: z.object({ 'Idempotency-Key': key }) } : {}),
  }
}

/** A list in a query is one parameter whose items are separated by commas. */
const withCommas = (fields: RestFields['query']): RestFields['query'] =>
  Object.fromEntries(
    Object.entries(fields).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input' }).type === 'array'
        ? schema.meta({ param: { style: 'form', explode: false } })
        : schema,
    ]),
  )

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0
