import type { Socket } from 'node:net'
import { ChatError, LIMITS } from '@tertulia/protocol'
import type { Random } from '../ports/clock.ts'
import { asChatError } from './problem.ts'
import { endWith, rawProblem } from './rawProblem.ts'
import { newRequestId } from './requestIds.ts'

/** An error of Node's HTTP parser. `rawPacket` is the packet in which it was found, where there was one. */
export interface ParserError extends Error {
  readonly code?: string | undefined
  readonly rawPacket?: unknown
}

/** Answers what never became a request, and ends the connection: nothing after a broken request can be trusted. */
export function createParserErrorHandler(random: Pick<Random, 'bytes'>) {
  return (error: ParserError, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable || socket.destroyed) {
      socket.destroy()
      return
    }
    endWith(socket, rawProblem(errorOf(error), { requestId: newRequestId(random) }))
  }
}

/** Fastify and Node hand over errors without a status here: all of them are the sender's. */
function errorOf(error: ParserError): ChatError {
  if (error.code === 'HPE_HEADER_OVERFLOW' && overflowsInTarget(error.rawPacket))
    return new ChatError('uri_too_long', { details: { limit: LIMITS.urlBytes } })
  const named = asChatError(error)
  return named.code === 'internal' ? new ChatError('bad_request', { cause: error }) : named
}

/** Whether the first line is what grew too long. Only the last packet is known, which is where it happened. */
function overflowsInTarget(packet: unknown): boolean {
  if (!(packet instanceof Uint8Array)) return false
  const end = packet.indexOf(0x0a)
  return (
    /^[A-Z]+ \//.test(Buffer.from(packet.subarray(0, 16)).toString('latin1')) &&
    (end < 0 || end > LIMITS.urlBytes)
  )
}
