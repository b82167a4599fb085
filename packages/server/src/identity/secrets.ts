import { timingSafeEqual } from 'node:crypto'
import { LIMITS } from '@tertulia/protocol'

const encoder = new TextEncoder()

/** The key material of the app secret: the UTF-8 bytes of the string as written, never decoded from base64 or hex. */
export const secretBytes = (secret: string): Uint8Array<ArrayBuffer> => encoder.encode(secret)

/** Throws a `RangeError` for a secret that could be guessed. */
export function assertSecret(secret: string): void {
  if (secretBytes(secret).byteLength >= LIMITS.secretBytes) return
  throw new RangeError(
    `The secret is shorter than ${LIMITS.secretBytes} bytes. ` +
      'Whoever guesses it can sign in as anybody. Make one with: openssl rand -base64 48',
  )
}

/** Compares in a time that depends on the lengths alone. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.byteLength === b.byteLength && timingSafeEqual(a, b)
}
