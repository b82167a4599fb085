import { ChatError } from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Tx } from '../../kernel/transaction.ts'
import type { Snapshot } from '../../store/engine.ts'
import type { ChannelRow } from '../access/index.ts'
import type { UserRow } from '../users/index.ts'
import { pairOf } from './pairs.store.ts'

/**
 * Refuses what would reach the other one in a direct channel of two, when one of them blocks the other or the other one
 * is deactivated: it is the same answer. Costs a look in direct channels of two, and nothing elsewhere.
 */
export async function refuseUnreachable(
  db: Snapshot,
  { people_key: people }: ChannelRow,
  uid: string | null,
): Promise<void> {
  const [one, other, ...more] = people?.split(',') ?? []
  if (one === undefined || other === undefined || more.length > 0) return
  if (uid !== one && uid !== other) return
  const { mine, theirs, deactivatedAt } = await pairOf(db, uid, uid === one ? other : one)
  if (mine !== null || theirs !== null || deactivatedAt !== null)
    throw new ChatError('user.unreachable')
}

/**
 * Refuses to bring people into a channel who are deactivated or block whoever does it; into a direct one also those whom
 * that user blocks. Locks their streams, so that nobody begins to block before the commit.
 */
export async function refuseToBring(
  tx: Tx,
  actor: Actor,
  { people, direct }: { readonly people: readonly UserRow[]; readonly direct: boolean },
): Promise<void> {
  for (const { uid } of people) await tx.lock(uid)
  for (const { uid, id, deactivated_at } of people)
    if (deactivated_at !== null || (await isBlocked(tx, actor, { uid, direct })))
      throw new ChatError('user.unreachable', { details: { userId: id } })
}

/** App servers stand above blocks. */
async function isBlocked(
  tx: Tx,
  actor: Actor,
  { uid, direct }: { readonly uid: string; readonly direct: boolean },
): Promise<boolean> {
  if (actor.kind === 'server' || actor.uid === uid) return false
  const { mine, theirs } = await pairOf(tx, actor.uid, uid)
  return theirs !== null || (direct && mine !== null)
}
