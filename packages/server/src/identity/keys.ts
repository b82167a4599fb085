import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import type { Random } from '../ports/clock.ts'

/**
 * An API key: `tsk_`, 43 characters of base62 that hold 256 random bits, and 6 characters of base62 with the CRC-32
 * of everything before them. The prefix lets scanners find a leaked key; the checksum lets them, and us, tell a key
 * from noise without asking the store. The store knows the SHA-256 of a key and nothing else.
 */
export const KEY_PREFIX = 'tsk_'
const SECRET_CHARACTERS = 43
const CHECKSUM_CHARACTERS = 6
const FORM = new RegExp(`^${KEY_PREFIX}[0-9A-Za-z]{${SECRET_CHARACTERS + CHECKSUM_CHARACTERS}}$`)

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

export function newApiKey(random: Pick<Random, 'bytes'>): string {
  const bits = BigInt(`0x${Buffer.from(random.bytes(32)).toString('hex')}`)
  const body = KEY_PREFIX + base62(bits, SECRET_CHARACTERS)
  return body + checksumOf(body)
}

/** Whether a text has the form and the checksum of a key: typing errors and noise end here. */
export function isWellFormedKey(text: string): boolean {
  if (!FORM.test(text)) return false
  const body = text.slice(0, -CHECKSUM_CHARACTERS)
  return checksumOf(body) === text.slice(-CHECKSUM_CHARACTERS)
}

/** What the store keeps. Keys are random, so that a fast hash is enough. */
export const hashOfKey = (key: string): Uint8Array => createHash('sha256').update(key).digest()

const checksumOf = (body: string): string => base62(BigInt(crc32(body)), CHECKSUM_CHARACTERS)

function base62(number: bigint, length: number): string {
  let text = ''
  for (let rest = number; rest > 0n; rest /= 62n) text = DIGITS.charAt(Number(rest % 62n)) + text
  return text.padStart(length, DIGITS.charAt(0))
}
