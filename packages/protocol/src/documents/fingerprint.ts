import { closeCodes, errorTable, operations, PROTOCOL, SUBPROTOCOL } from '../index.ts'
import { namedSchemas } from './schemas.ts'

/**
 * Everything that a client on the other side can notice, as one text: equal texts are the same wire.
 * Words for people (summaries, descriptions, error sentences) are left out.
 */
export function wireFingerprint(): string {
  return JSON.stringify({
    protocol: PROTOCOL,
    subprotocol: SUBPROTOCOL,
    schemas: namedSchemas('bare'),
    routes: Object.fromEntries(
      operations.map(({ name, rest, socket, callers, retry, errors }) => [
        name,
        { rest, socket, callers, retry, errors },
      ]),
    ),
    errors: Object.fromEntries(
      Object.entries(errorTable).map(([code, { status, retry }]) => [code, { status, retry }]),
    ),
    closeCodes,
  })
}
