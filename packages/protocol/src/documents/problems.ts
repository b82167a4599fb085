import type { z } from 'zod'
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi'
import type { Operation } from '../define.ts'
import { type ErrorCode, errorTable, generalErrorCodes } from '../errors.ts'
import { Problem } from '../frames.ts'

type Status = `${4 | 5}${string}`

/** Codes of one HTTP status each, in the order of the table. */
function byStatus(codes: Iterable<ErrorCode>): ReadonlyMap<Status, readonly ErrorCode[]> {
  const wanted = new Set(codes)
  const groups = new Map<Status, ErrorCode[]>()
  for (const [code, { status }] of Object.entries(errorTable) as [
    ErrorCode,
    { status: number },
  ][]) {
    const key = String(status) as Status
    if (wanted.has(code)) groups.set(key, [...(groups.get(key) ?? []), code])
  }
  return groups
}

const general = byStatus(generalErrorCodes)

const RETRY_AFTER = {
  description: 'Whole seconds to wait; `retryAfterMs` of the body is exact.',
  schema: { type: 'integer' as const, minimum: 0 },
}

function response(codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  const mayHelpLater = codes.some((code) => errorTable[code].retry === 'later')
  return {
    description: codes.map((code) => `\`${code}\`: ${errorTable[code].what}`).join(' '),
    ...(mayHelpLater ? { headers: { 'Retry-After': RETRY_AFTER } } : {}),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            { type: 'object', properties: { code: { type: 'string', enum: [...codes] } } },
          ],
        },
      },
    },
  }
}

/** The answers that any call may get, named once: `Problem401` and so on. */
export function generalResponses(): Record<string, ZodOpenApiResponseObject> {
  return Object.fromEntries(
    [...general].map(([status, codes]) => [`Problem${status}`, response(codes)]),
  )
}

/** Every refusal of one operation: its own codes beside the general ones of the same status. */
export function problemResponses({ errors }: Operation): ZodOpenApiResponsesObject {
  const all = byStatus([...generalErrorCodes, ...errors])
  return Object.fromEntries(
    [...all].map(([status, codes]) => [
      status,
      codes.length === general.get(status)?.length
        ? { $ref: `#/components/responses/Problem${status}` }
        : response(codes),
    ]),
  )
}

export const problemSchemas: Record<string, z.ZodType> = { Problem }
