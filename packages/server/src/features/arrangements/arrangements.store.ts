import type { Arrangement } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const byPlace = statement<{ uid: BigId; channelId: BigId }>()((db, p) =>
  db
    .selectFrom('memberships')
    .select(['muted_until', 'pinned_at', 'hidden_up_to', 'archived_at'])
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId),
)

const NOTHING: Arrangement = { muted: null, pinnedAt: null, hiddenUpTo: null, archivedAt: null }

/** What a user chose about a channel. */
export async function arrangementOf(
  db: Snapshot,
  uid: BigId,
  channelId: BigId,
): Promise<Arrangement> {
  const row = await byPlace.first(db, { uid, channelId })
  if (!row) return NOTHING
  return {
    muted: row.muted_until === null ? null : { until: row.muted_until || null },
    pinnedAt: row.pinned_at,
    hiddenUpTo: row.hidden_up_to,
    archivedAt: row.archived_at,
  }
}

const save = statement<{
  uid: BigId
  channelId: BigId
  mutedUntil: Millis | null
  pinnedAt: Millis | null
  hiddenUpTo: number | null
  archivedAt: Millis | null
  version: number
}>()((db, p) =>
  db
    .updateTable('memberships')
    .set({
      muted_until: p.mutedUntil,
      pinned_at: p.pinnedAt,
      hidden_up_to: p.hiddenUpTo,
      archived_at: p.archivedAt,
      version: p.version,
    })
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId),
)

export interface Arranged {
  readonly uid: BigId
  readonly channelId: BigId
  readonly arrangement: Arrangement
  /** Counts in the user's own stream. */
  readonly version: number
}

export const saveArrangement = (
  tx: Changes,
  { uid, channelId, arrangement, version }: Arranged,
): void => {
  const { muted, pinnedAt, hiddenUpTo, archivedAt } = arrangement
  const mutedUntil = muted && (muted.until ?? 0)
  save.put(tx, { uid, channelId, mutedUntil, pinnedAt, hiddenUpTo, archivedAt, version })
}
