import { scheduledEnded } from '@tertulia/protocol'
import type { Chore } from '../../kernel/sweeper.ts'
import type { Transaction } from '../../kernel/transaction.ts'
import { failedBefore } from './pages.store.ts'
import { placeOf, removeScheduled, type ScheduledRow, scheduledAt } from './scheduled.store.ts'

/** What failed and was left alone goes in the end, one at a time. */
export const forgetFailed: Chore = async ({ engine, queue, clock, limits }) => {
  const before = clock.now() - limits.scheduledFailedMs
  const [row] = await engine.read((db) => failedBefore(db, before, 1))
  if (!row) return false
  await queue.submit({ lane: row.uid }, (tx) => forget(tx, row))
  return true
}

async function forget(tx: Transaction, due: ScheduledRow): Promise<void> {
  const own = await tx.tryLock(due.uid)
  const place = placeOf(due)
  const row = await scheduledAt(tx, place)
  if (row?.version !== due.version) return
  removeScheduled(tx, place)
  const { channelId, clientId } = place
  const end = { reason: 'forgotten' } as const
  if (own) tx.announce(own.take(), scheduledEnded, { channelId, clientId, end }, { by: null })
}
