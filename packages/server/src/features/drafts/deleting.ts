import { draftDeleted } from '@tertulia/protocol'
import type { UserActor } from '../../kernel/actor.ts'
import type { Announce, LockedStream, Tx } from '../../kernel/transaction.ts'
import { emptyDraft } from './deleted.store.ts'
import { type DraftRow, draftAt, NO_ROOT, type Place, publicPlace } from './drafts.store.ts'

interface Writing {
  readonly tx: Tx
  readonly announce: Announce
  readonly actor: UserActor
}

export interface DraftPlace {
  readonly channelId: string
  readonly threadRootId?: string | undefined
}

export const placeOf = ({ uid }: UserActor, { channelId, threadRootId }: DraftPlace): Place => ({
  uid,
  channelId,
  rootId: threadRootId ?? NO_ROOT,
})

/** Deletes the draft at a place, if there is one, under the lock of the own stream. */
export async function deleteAt(
  { tx, announce, actor }: Writing,
  at: DraftPlace,
  { own, which }: { readonly own: LockedStream; readonly which: (row: DraftRow) => boolean },
): Promise<void> {
  const row = await draftAt(tx, placeOf(actor, at))
  if (!row || row.text === null || !which(row)) return
  const slot = own.take()
  await emptyDraft(tx, row, { version: slot.seq, at: tx.now })
  const draft = publicPlace({ ...row, version: slot.seq })
  announce(slot, draftDeleted, { draft }, { by: actor.id })
}

/**
 * A message was sent from a draft: the draft goes in the same transaction, so that it goes on every device, and also
 * when the one that sent it is gone a moment later. What was written since stays.
 */
export async function noteSent(writing: Writing, at: DraftPlace, version: number): Promise<void> {
  const own = await writing.tx.lock(writing.actor.uid)
  await deleteAt(writing, at, { own, which: (row) => row.version === version })
}
