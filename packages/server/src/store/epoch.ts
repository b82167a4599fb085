import type { Clock } from '../ports/clock.ts'
import type { Changes } from './engine.ts'
import { putMeta, readMeta } from './meta.ts'

export interface StoreIdentity {
  readonly epoch: number
  /** Kept in the store and beside it: a copy that was put in place of the store is noticed by it. */
  readonly mark: string
}

/**
 * The epoch of a store, a higher one when its history may have been rewritten: when the mark beside the store is not
 * the one inside. It is at least the time in seconds then: a backup does not know the epochs after it, and clients
 * that have seen one of those must not see a lower one. `newMark` becomes the mark of both; the caller writes it beside the store after this committed, so a
 * crash between the two costs one more epoch and nothing else.
 */
export async function settleEpoch(
  changes: Changes,
  {
    markBeside,
    newMark,
    clock,
  }: {
    readonly markBeside: string | null
    readonly newMark: string
    readonly clock: Pick<Clock, 'now'>
  },
): Promise<StoreIdentity> {
  const mark = await readMeta(changes, 'mark')
  const epoch = Number((await readMeta(changes, 'epoch')) ?? 0)
  if (epoch > 0 && mark !== null && mark === markBeside) return { epoch, mark }
  const next = epoch === 0 ? 1 : Math.max(epoch + 1, Math.floor(clock.now() / 1000))
  putMeta(changes, 'epoch', String(next))
  putMeta(changes, 'mark', newMark)
  return { epoch: next, mark: newMark }
}
