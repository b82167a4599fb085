import { createHmac } from 'node:crypto'

export interface Claims {
  readonly sub: unknown
  readonly iat?: unknown
  readonly exp?: unknown
  readonly [claim: string]: unknown
}

const HEADER = { alg: 'HS256', typ: 'JWT' }
const HOUR = 3600

export const nowInSeconds = (): number => Math.floor(Date.now() / 1000)

/** Signs claims as they are, good or bad. */
export function sign(secret: string, claims: Claims, header: object = HEADER): string {
  const body = `${encoded(header)}.${encoded(claims)}`
  return `${body}.${createHmac('sha256', secret).update(body).digest('base64url')}`
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A token that is good for an hour. */
export const goodToken = (secret: string, userId: string): string =>
  sign(secret, { sub: userId, iat: nowInSeconds(), exp: nowInSeconds() + HOUR })

/** A token that ends in so many seconds; the server forgives 30 seconds more. */
export const tokenEndingIn = (secret: string, userId: string, seconds: number): string =>
  sign(secret, { sub: userId, iat: nowInSeconds() - HOUR, exp: nowInSeconds() + seconds })

/** The same token with another signature of the right length. */
export function withBrokenSignature(token: string): string {
  const dot = token.lastIndexOf('.')
  const signature = Buffer.from(token.slice(dot + 1), 'base64url')
  signature.writeUInt8(signature.readUInt8(0) ^ 1, 0)
  return `${token.slice(0, dot)}.${signature.toString('base64url')}`
}
