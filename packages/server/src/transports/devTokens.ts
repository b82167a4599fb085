import { ChatError } from '@tertulia/protocol'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { parse } from '../kernel/operations.ts'
import { bodyOf } from './body.ts'
import { isLoopback } from './clientAddress.ts'
import type { Extension } from './rest.ts'

export interface DevTokensOptions {
  /** The sample users: nobody else gets a token here. */
  readonly users: readonly [string, ...string[]]
  readonly mint: (userId: string) => Promise<string>
}

/**
 * `POST /dev/token {"userId"}` answers `{"token"}`: for the page of `tertulia dev` alone. Whoever signs in here
 * proves nothing, so the call must come from this machine, for this machine, and from the page that it serves. The
 * exact Host keeps out pages that point a name of their own at 127.0.0.1.
 */
export function devTokens({ users, mint }: DevTokensOptions): Extension {
  const Wish = z.strictObject({ userId: z.enum(users) })
  return (app) => {
    app.post('/dev/token', {
      onRequest: async (request) => checkOwnPage(request),
      handler: async (request) => {
        const { userId } = parse(Wish, bodyOf(request)?.value)
        return { token: await mint(userId) }
      },
    })
  }
}

function checkOwnPage({ raw, headers }: FastifyRequest): void {
  const { remoteAddress = '', localPort } = raw.socket
  const hosts = ['localhost', '127.0.0.1', '[::1]'].map((name) => `${name}:${localPort}`)
  const local =
    isLoopback(remoteAddress.replace(/^::ffff:/i, '')) && headers['x-forwarded-for'] === undefined
  const own = hosts.includes(headers.host ?? '') && headers.origin === `http://${headers.host}`
  if (!local || !own) throw new ChatError('forbidden')
}
