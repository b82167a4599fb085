import type { Parts } from '../client/device.ts'
import type { Seams } from '../server/seams.ts'

/** A mistake that somebody might make, planted at a seam: never in the code of the product. */
export interface Fault {
  readonly name: string
  /** What is wrong, in one sentence. */
  readonly what: string
  readonly parts?: Partial<Parts>
  readonly seams?: Seams
}
