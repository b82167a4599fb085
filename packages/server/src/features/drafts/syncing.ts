import { type DeletedDraft, type Draft, LIMITS } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { deletionsAbove } from './deleted.store.ts'
import { type DraftRow, draftsBetween, publicDraft, publicPlace } from './drafts.store.ts'

interface Newest {
  readonly drafts: Draft[]
  /** There are more than these. */
  readonly moreDrafts: boolean
}

/** The drafts that changed above a version, the newest of them, as far as they have room. */
export async function newestDrafts(db: Snapshot, uid: string, after: number): Promise<Newest> {
  const rows = await draftsBetween(db, {
    uid,
    above: after,
    below: Number.MAX_SAFE_INTEGER,
    limit: LIMITS.syncDrafts + 1,
  })
  const drafts = withRoom(rows.slice(0, LIMITS.syncDrafts)).map(publicDraft)
  return { drafts, moreDrafts: drafts.length < rows.length }
}

/** UTF-16 units are near enough: the bound keeps an answer small, and nobody counts on it. */
function withRoom(rows: readonly DraftRow[]): readonly DraftRow[] {
  let room = LIMITS.syncDraftBytes
  return rows.filter(({ text, custom, mentions }) => {
    room -= (text?.length ?? 0) + custom.length + mentions.length
    return room >= 0
  })
}

/** What changed about the drafts above a version. */
export async function draftsSince(
  db: Snapshot,
  uid: string,
  after: number,
): Promise<Newest & { readonly deletedDrafts: DeletedDraft[] }> {
  const { drafts, moreDrafts } = await newestDrafts(db, uid, after)
  const { places, forgotten } = await deletionsAbove(db, uid, after)
  return {
    drafts,
    deletedDrafts: places.map(publicPlace),
    moreDrafts: moreDrafts || forgotten,
  }
}
