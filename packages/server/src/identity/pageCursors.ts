import { createHmac } from 'node:crypto'
import { ChatError } from '@tertulia/protocol'
import type { PageCursors, PageQuestion, Position } from '../kernel/pages.ts'
import { equalBytes } from './secrets.ts'

const MAC_BYTES = 16

/**
 * A cursor is the position as JSON, followed by a code over question and position. The code binds it to its
 * operation, caller and filter: a forged or foreign one is refused, so that a position needs no further checks.
 */
export function createPageCursors(key: Uint8Array): PageCursors {
  const macOf = ({ operation, actor, filter }: PageQuestion, position: string): Uint8Array =>
    createHmac('sha256', key)
      .update(JSON.stringify([operation, actor, filter ?? null, position]))
      .digest()
      .subarray(0, MAC_BYTES)

  return {
    write(question, position) {
      const json = JSON.stringify(position)
      return Buffer.concat([Buffer.from(json), macOf(question, json)]).toString('base64url')
    },
    read(question, cursor) {
      const bytes = Buffer.from(cursor, 'base64url')
      const json = bytes.subarray(0, -MAC_BYTES).toString()
      if (!equalBytes(bytes.subarray(-MAC_BYTES), macOf(question, json))) throw refused()
      return positionOf(json)
    },
  }
}

function positionOf(json: string): Position {
  const position: unknown = JSON.parse(json)
  if (Array.isArray(position) && position.every(isPart)) return position
  throw refused()
}

const isPart = (part: unknown): part is Position[number] =>
  part === null || typeof part === 'string' || typeof part === 'number'

const refused = () =>
  new ChatError('bad_request', {
    details: { fields: [{ path: 'cursor', message: 'is not from an answer to this question' }] },
  })
