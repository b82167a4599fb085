import type { IncomingMessage } from 'node:http'
import { Problem } from '@tertulia/protocol'
import type { Ears } from '../ears.ts'
import { strictly } from '../strictly.ts'

/** The server answered the upgrade with HTTP. */
export class HandshakeRefused extends Error {
  override readonly name = 'HandshakeRefused'
  readonly status: number
  readonly problem: Problem

  constructor(status: number, problem: Problem) {
    super(`The handshake was refused with ${status} ${problem.code}.`)
    this.status = status
    this.problem = problem
  }
}

/** Reads why a handshake was refused: a problem document like any other. */
export async function handshakeRefusal(response: IncomingMessage, ears: Ears): Promise<Error> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  const text = Buffer.concat(chunks).toString()
  ears.note(
    'a refused handshake',
    `${response.statusCode}\n${response.rawHeaders.join('\n')}\n\n${text}`,
  )
  try {
    const problem = strictly(Problem, JSON.parse(text), 'A refused handshake')
    return new HandshakeRefused(response.statusCode ?? 0, problem)
  } catch (error) {
    return new Error(
      `The handshake was refused with ${response.statusCode} and no problem document: ${text}`,
      { cause: error },
    )
  }
}
