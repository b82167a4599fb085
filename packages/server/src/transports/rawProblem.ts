import type { Socket } from 'node:net'
import type { ChatError } from '@tertulia/protocol'
import { headersOf, PROBLEM_TYPE, problemOf } from './problem.ts'

/** A whole HTTP answer for a socket that has no response object: the problem document, and the end. */
export function rawProblem(
  error: ChatError,
  about: { readonly requestId: string; readonly headers?: Readonly<Record<string, string>> },
): string {
  const body = JSON.stringify(problemOf(error, about.requestId))
  const headers = {
    'Content-Type': PROBLEM_TYPE,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store, private',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': about.requestId,
    Connection: 'close',
    ...headersOf(error),
    ...about.headers,
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${error.status} ${error.code}`, ...lines, '', body].join('\r\n')
}

/** Sends a last answer. The other side may not be trusted to end the connection. */
export function endWith(socket: Socket, answer: string): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  socket.once('finish', () => socket.destroy())
  socket.end(answer)
}
