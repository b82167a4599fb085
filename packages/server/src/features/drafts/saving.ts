import { ChatError, deleteDraft, draftSaved, type InputOf, saveDraft } from '@tertulia/protocol'
import { type WriteContext, write } from '../../kernel/handlers.ts'
import type { LockedStream } from '../../kernel/transaction.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type Access, openChannel } from '../access/index.ts'
import { messageById, sees } from '../messages/index.ts'
import { deleteAt, placeOf } from './deleting.ts'
import { type DraftRow, draftAt, draftCount, publicDraft, putDraft } from './drafts.store.ts'

type Context = WriteContext<typeof saveDraft> | WriteContext<typeof deleteDraft>

/** Under the lock of the own stream: a draft that is saved while its membership ends is gone with it. */
async function enter(
  { input: { channelId }, actor, tx, settings }: Context,
  disabledToo = false,
): Promise<{ readonly own: LockedStream; readonly access: Access }> {
  const own = await tx.lock(actor.uid)
  const wish = { actor, channelId, action: 'channel.read', settings, disabledToo } as const
  const access = await openChannel(tx, wish)
  if (!access.member) throw new ChatError('forbidden')
  return { own, access }
}

export const save = write(
  saveDraft,
  async (context) => {
    const { input, actor, tx, announce, settings } = context
    const { own, access } = await enter(context)
    await checkRoot(tx, access, input.threadRootId)
    const place = placeOf(actor, input)
    const before = await draftAt(tx, place)
    const isNew = before === undefined || before.text === null
    if (!isNew && isSame(before, input)) return { draft: publicDraft(before) }
    if (isNew && (await draftCount(tx, actor.uid)) >= settings.limits.draftsPerUser)
      throw new ChatError('draft.limit')

    const slot = own.take()
    const row: DraftRow = {
      uid: actor.uid,
      channel_id: place.channelId,
      root_id: place.rootId,
      version: slot.seq,
      updated_at: tx.now,
      ...contentOf(input),
    }
    putDraft(tx, row)
    const draft = publicDraft(row)
    announce(slot, draftSaved, { draft }, { by: actor.id })
    return { draft }
  },
  { lane: 'actor' },
)

export const remove = write(
  deleteDraft,
  async (context) => {
    // The own words that nobody saw can always be taken back.
    const { own } = await enter(context, true)
    await deleteAt(context, context.input, { own, which: () => true })
    return {}
  },
  { lane: 'actor' },
)

type Input = InputOf<typeof saveDraft>

const contentOf = ({ text, mentions, quotedId, alsoInChannel, custom }: Input) => ({
  text,
  mentions: JSON.stringify(mentions),
  quoted_id: quotedId ?? null,
  also_in_channel: alsoInChannel ? 1 : 0,
  custom: JSON.stringify(custom),
})

function isSame(row: DraftRow, input: Input): boolean {
  const content = contentOf(input)
  return (Object.keys(content) as (keyof typeof content)[]).every(
    (column) => row[column] === content[column],
  )
}

/** What was written under a root that is deleted by now is kept all the same. */
async function checkRoot(db: Snapshot, access: Access, id: string | undefined): Promise<void> {
  if (id === undefined) return
  const root = await messageById(db, access.channel.id, id)
  if (!root || !sees(access, root) || root.kind === 'system')
    throw new ChatError('message.not_found', { details: { field: 'threadRootId' } })
  if (root.thread_root_seq !== null) throw new ChatError('message.is_reply')
}
