import { ChatError } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../store/engine.ts'
import { statement } from '../store/statement.ts'
import { createIdSource, type IdSource } from './snowflake.ts'

/** How far ahead of the newest id the lease reserves: one more write per second at most. */
const RESERVE_MS = 1000

const readLease = statement<{ node: number }>()((db, p) =>
  db.selectFrom('node_leases').select(['fence', 'id_ms_high']).where('node_id', '=', p.node),
)
const insertLease = statement<{ node: number; holder: string }>()((db, p) =>
  db
    .insertInto('node_leases')
    .values({ node_id: p.node, holder: p.holder, fence: 1, id_ms_high: 0 }),
)
const takeLease = statement<{ node: number; holder: string; fence: number; old: number }>()(
  (db, p) =>
    db
      .updateTable('node_leases')
      .set({ holder: p.holder, fence: p.fence })
      .where('node_id', '=', p.node)
      .where('fence', '=', p.old),
)
const reserve = statement<{ node: number; fence: number; high: number }>()((db, p) =>
  db
    .updateTable('node_leases')
    .set({ id_ms_high: p.high })
    .where('node_id', '=', p.node)
    .where('fence', '=', p.fence),
)

/** The right to make ids as one node. */
export interface NodeLease {
  readonly ids: IdSource
  /**
   * Called inside every transaction, so that an id and the reservation that covers it commit together. Resolves with
   * what it reserved, for `covered`. Throws `unavailable` when another process took the node id over: its fence is
   * above ours.
   */
  cover(changes: Changes): Promise<Reservation | null>
  /** Whether nobody has taken the node id over yet. */
  isHeld(db: Snapshot): Promise<boolean>
  /** The transaction of a reservation has committed: what was rolled back covers nothing. */
  covered(reservation: Reservation | null): void
}

/** The ms up to which ids may be given out. */
export type Reservation = number

/** Takes the node id over from whoever held it: their next `cover` fails, and our ids start above theirs. */
export async function acquireLease(
  changes: Changes,
  node: number,
  owner: { readonly holder: string; readonly now: () => number },
): Promise<NodeLease> {
  const held = await readLease.first(changes, { node })
  const fence = (held?.fence ?? 0) + 1
  if (held) await takeLease.run(changes, { node, holder: owner.holder, fence, old: held.fence })
  else await insertLease.run(changes, { node, holder: owner.holder })

  let reserved = held?.id_ms_high ?? 0
  const ids = createIdSource(node, reserved, owner.now)
  return {
    ids,
    async cover(inside) {
      if (ids.highest() <= reserved) return null
      const high = ids.highest() + RESERVE_MS
      if ((await reserve.run(inside, { node, fence, high })) === 0)
        throw new ChatError('unavailable', {
          details: { reason: 'another process took over this store' },
        })
      return high
    },
    isHeld: async (db) => (await readLease.first(db, { node }))?.fence === fence,
    covered(reservation) {
      if (reservation !== null) reserved = Math.max(reserved, reservation)
    },
  }
}
