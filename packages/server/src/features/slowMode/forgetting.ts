import type { Chore } from '../../kernel/sweeper.ts'
import { forgetPast, hasPast } from './slowMode.store.ts'

/** Whose burst is whole again is as if they had never sent anything. */
export const forgetSlowSends: Chore = async ({ engine, queue, clock, limits }) => {
  const before = clock.now()
  if (!(await engine.read((db) => hasPast(db, before)))) return false
  return (
    (await queue.submit({}, (tx) => forgetPast(tx, before, limits.sweepRows))) === limits.sweepRows
  )
}
