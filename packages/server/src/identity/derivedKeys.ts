import { hkdfSync } from 'node:crypto'

/** What a derived key is for. User tokens alone use the secret itself, so that any JWT library can mint them. */
export type KeyPurpose = 'page-cursors' | 'fingerprint'

/** A 32-byte key of its own for every purpose (HKDF-SHA256): no use of one can forge anything of another. */
export function deriveKey(secret: string, purpose: KeyPurpose): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, 'tertulia', purpose, 32))
}

const FINGERPRINT_BYTES = 8

/** Tells one secret from another, and nothing of either. */
export const fingerprintOf = (secret: string): string =>
  Buffer.from(deriveKey(secret, 'fingerprint')).toString('hex', 0, FINGERPRINT_BYTES)
