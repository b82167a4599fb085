import { LIMITS } from '@tertulia/protocol'
import { sql } from 'kysely'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { type DraftRow, NO_ROOT, putDraft } from './drafts.store.ts'

/** The place of the deletions that are not told one by one any more. No channel has this id. */
const NOWHERE = { channel_id: '0', root_id: NO_ROOT } as const

const NOTHING = {
  text: null,
  mentions: '[]',
  quoted_id: null,
  also_in_channel: 0,
  custom: '{}',
} as const

const latest = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('drafts')
    .select('version')
    .where('uid', '=', p.uid)
    .where('text', 'is', null)
    .orderBy('version', 'desc')
    .limit(p.limit),
)
const dropOldest = statement<{ uid: BigId; version: number }>()((db, p) =>
  db
    .deleteFrom('drafts')
    .where('uid', '=', p.uid)
    .where('text', 'is', null)
    .where('version', '<=', p.version),
)

/** Leaves an empty row at the place. Of very many the oldest become one. */
export async function emptyDraft(
  tx: Changes,
  row: DraftRow,
  { version, at }: { readonly version: number; readonly at: number },
): Promise<void> {
  putDraft(tx, { ...row, ...NOTHING, version, updated_at: at })
  const rows = await latest.all(tx, { uid: row.uid, limit: LIMITS.deletedDraftsKept + 1 })
  const oldest = rows[LIMITS.deletedDraftsKept]
  if (!oldest) return
  dropOldest.put(tx, { uid: row.uid, version: oldest.version })
  putDraft(tx, { uid: row.uid, ...NOWHERE, ...NOTHING, version: oldest.version, updated_at: at })
}

const empty = statement<{ uid: BigId; channelId: BigId; version: number }>()((db, p) =>
  db
    .updateTable('drafts')
    .set({
      text: null,
      mentions: sql.lit('[]'),
      quoted_id: null,
      also_in_channel: sql.lit(0),
      custom: sql.lit('{}'),
      version: p.version,
    })
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('text', 'is not', null),
)

/** The membership ended: so do the drafts in the channel. */
export const emptyDraftsIn = (
  tx: Changes,
  place: { uid: BigId; channelId: BigId },
  version: number,
): void => empty.put(tx, { ...place, version })

const above = statement<{ uid: BigId; after: number }>()((db, p) =>
  db
    .selectFrom('drafts')
    .select(['channel_id', 'root_id', 'version'])
    .where('uid', '=', p.uid)
    .where('text', 'is', null)
    .where('version', '>', p.after)
    .orderBy('version'),
)

/** The places whose draft was deleted above a version, and whether there were more that nobody knows any more. */
export async function deletionsAbove(db: Snapshot, uid: BigId, after: number) {
  const rows = await above.all(db, { uid, after })
  const places = rows.filter(({ channel_id }) => channel_id !== NOWHERE.channel_id)
  return { places, forgotten: places.length < rows.length }
}

const some = statement<{ channelId: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('drafts')
    .select(['uid', 'root_id as rootId'])
    .where('channel_id', '=', p.channelId)
    .orderBy('uid')
    .limit(p.limit),
)
const drop = statement<{ uid: BigId; channelId: BigId; rootId: BigId }>()((db, p) =>
  db
    .deleteFrom('drafts')
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('root_id', '=', p.rootId),
)

/** A slice of all drafts in a channel that is no more. Resolves whether there may be more. */
export async function dropDraftsOf(tx: Changes, channelId: BigId, limit: number): Promise<boolean> {
  const rows = await some.all(tx, { channelId, limit })
  for (const row of rows) drop.put(tx, { channelId, ...row })
  return rows.length === limit
}
