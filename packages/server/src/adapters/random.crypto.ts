import { randomBytes } from 'node:crypto'
import type { Random } from '../ports/clock.ts'

export const cryptoRandom: Random = {
  // Spreads load; nothing secret is made of it.
  fraction: () => Math.random(),
  bytes: (count) => randomBytes(count),
}
