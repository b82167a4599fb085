import { createHmac } from 'node:crypto'

export const SECRET = 'a secret for benches that is long enough'

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const HEADER = part({ alg: 'HS256', typ: 'JWT' })

/** A user token as any backend would mint it, good for an hour. */
export function tokenOf(user: string): string {
  const now = Math.floor(Date.now() / 1000)
  const signed = `${HEADER}.${part({ sub: user, iat: now, exp: now + 3600 })}`
  return `${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}
