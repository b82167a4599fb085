import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'
import { ChatError, LIMITS, UserId } from '@tertulia/protocol'
import { SignJWT } from 'jose'
import { parseStrictJson } from '../kernel/strictJson.ts'
import type { Clock } from '../ports/clock.ts'
import { assertSecret, equalBytes, secretBytes } from './secrets.ts'

const ALGORITHM = 'HS256'

/** What a valid token says. Whatever else stands in it is ignored: it grants nothing. */
export interface TokenClaims {
  readonly userId: string
  /** `iat`, in seconds. */
  readonly issuedAt: number
  /** `exp`, in ms. */
  readonly expiresAt: number
}

export interface UserTokens {
  /** Rejects with `unauthenticated`, `token_expired` or `token.too_long_lived`. */
  verify(token: string): Promise<TokenClaims>
}

export interface UserTokensOptions {
  /** A token is good when any of these signed it: two while a secret is being replaced. */
  readonly secrets: readonly [string, ...string[]]
  readonly clock: Pick<Clock, 'now'>
}

/** Verifies user tokens: JWT, HS256 over the UTF-8 bytes of the secret, nothing else. */
export function createUserTokens({ secrets, clock }: UserTokensOptions): UserTokens {
  for (const secret of secrets) assertSecret(secret)
  const keys = secrets.map((secret) => createSecretKey(secretBytes(secret)))
  return {
    async verify(token) {
      checkShape(token)
      checkSignature(token, keys)
      return readClaims(payloadOf(token), clock.now())
    },
  }
}

const COMPACT = /^[\w-]+\.[\w-]+\.[\w-]+$/
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Everything that can be refused before any cryptography. */
function checkShape(token: string): void {
  if (token.length > LIMITS.tokenBytes || !COMPACT.test(token)) throw refused('it is not a JWT')
  const encoded = token.slice(0, token.indexOf('.'))
  const header = readObject(Buffer.from(encoded, 'base64url'))
  if (header['alg'] !== ALGORITHM) throw refused(`its algorithm is not ${ALGORITHM}`)
  if ('crit' in header || 'b64' in header) throw refused('it asks for extensions')
}

/**
 * By hand, because a reconnect storm verifies a token for everybody at once: Web Crypto, and all that builds on it,
 * sends each to a thread and back, for several times the CPU of the hash itself. The texts are compared, not what
 * they decode to, so that no other spelling of a signature passes.
 */
function checkSignature(token: string, keys: readonly KeyObject[]): void {
  const end = token.lastIndexOf('.')
  const given = Buffer.from(token.slice(end + 1))
  const signs = (key: KeyObject): boolean => {
    const wanted = createHmac('sha256', key).update(token.slice(0, end)).digest('base64url')
    return equalBytes(given, Buffer.from(wanted))
  }
  if (!keys.some(signs)) throw refused('its signature is wrong')
}

const payloadOf = (token: string): Uint8Array => Buffer.from(token.split('.')[1] ?? '', 'base64url')

function readClaims(payload: Uint8Array, now: number): TokenClaims {
  const { sub, iat, exp, nbf } = readObject(payload)
  const latest = now / 1000 + LIMITS.tokenLeewaySeconds
  const earliest = now / 1000 - LIMITS.tokenLeewaySeconds
  if (!UserId.safeParse(sub).success) throw refused('`sub` is not a user id')
  if (!isSeconds(iat) || !isSeconds(exp)) throw refused('`iat` and `exp` must be whole seconds')
  if (nbf !== undefined && (!isSeconds(nbf) || nbf > latest)) throw refused('it is not valid yet')
  if (iat > latest) throw refused('it was issued in the future')
  if (exp - iat > LIMITS.tokenLifeSeconds) throw new ChatError('token.too_long_lived')
  if (exp <= earliest) throw new ChatError('token_expired')
  return { userId: String(sub), issuedAt: iat, expiresAt: exp * 1000 }
}

function readObject(bytes: Uint8Array): Record<string, unknown> {
  try {
    const value = parseStrictJson(decoder.decode(bytes))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  } catch {
    // Falls through to the one answer for whatever cannot be read.
  }
  throw refused('it cannot be read')
}

const isSeconds = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0

/** One answer for all faults: the reason is for the log alone, a guesser learns nothing from it. */
const refused = (reason: string): ChatError =>
  new ChatError('unauthenticated', { cause: new Error(`The token was refused: ${reason}.`) })

export interface TokenWish {
  readonly userId: string
  /** At most 30 days. */
  readonly expiresInSeconds: number
  /** ms. */
  readonly now: number
}

/** Mints a user token, as any JWT library in any language can. Throws a `RangeError` for a wish no server accepts. */
export function mintToken(
  secret: string,
  { userId, expiresInSeconds, now }: TokenWish,
): Promise<string> {
  assertSecret(secret)
  if (!UserId.safeParse(userId).success)
    throw new RangeError(
      `"${userId}" is not a user id. The server would refuse the token. ` +
        'Use 1 to 128 letters, digits and . _ @ : + = - | and none of the reserved ".", ".." and "me".',
    )
  if (
    !Number.isSafeInteger(expiresInSeconds) ||
    expiresInSeconds < 1 ||
    expiresInSeconds > LIMITS.tokenLifeSeconds
  )
    throw new RangeError(
      `A token cannot live for ${expiresInSeconds} seconds. The server would refuse it. ` +
        `Use 1 to ${LIMITS.tokenLifeSeconds} seconds (30 days).`,
    )
  const issuedAt = Math.floor(now / 1000)
  return new SignJWT({})
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT' })
    .setSubject(userId)
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + expiresInSeconds)
    .sign(secretBytes(secret))
}
