/**
 * A 64-bit number of the store. All that a server writes fits a JS number; what accidents leave beyond it becomes the
 * nearest that does, so that it can be sent, compared and written again.
 */
export function toNumber(stored: bigint | string): number {
  const number = Number(stored)
  if (Number.isSafeInteger(number)) return number
  return number < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
}
