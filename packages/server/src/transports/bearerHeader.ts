import type { IncomingHttpHeaders } from 'node:http'

const BEARER = /^Bearer +(\S+) *$/i

/** What an `Authorization: Bearer` header holds, or null. */
export const bearerOf = ({ headers }: { readonly headers: IncomingHttpHeaders }): string | null =>
  BEARER.exec(headers.authorization ?? '')?.[1] ?? null
