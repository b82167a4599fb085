import type { Random } from '../ports/clock.ts'

/** An id for logs and error answers. Never taken from the caller: it would be written into our logs. */
export const newRequestId = (random: Pick<Random, 'bytes'>): string =>
  `r_${Buffer.from(random.bytes(12)).toString('base64url')}`
