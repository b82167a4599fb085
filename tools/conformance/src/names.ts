import { randomBytes } from 'node:crypto'

/** Letters that no other run has: every id, key and name of this suite holds some. */
export const randomLetters = (count: number): string =>
  [...randomBytes(count)].map((byte) => 'abcdefghijklmnopqrstuvwxyz'.charAt(byte % 26)).join('')

/** A new UUIDv7 (RFC 9562) in lower case. */
export function clientId(): string {
  const time = Date.now().toString(16).padStart(12, '0')
  const bytes = randomBytes(10)
  const variant = ((bytes.readUInt8(2) & 0x3f) | 0x80).toString(16)
  const a = bytes.subarray(0, 2).toString('hex').slice(1)
  const rest = bytes.subarray(3).toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${a}-${variant}${rest.slice(0, 2)}-${rest.slice(2, 14)}`
}

/** An id of the server's form that it never gave: ids of today are far from these. */
export const unknownId = (): string =>
  `7${String(randomBytes(6).readUIntBE(0, 6)).padStart(17, '0')}`
