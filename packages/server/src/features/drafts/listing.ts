import { listDrafts } from '@tertulia/protocol'
import { nameOf } from '../../kernel/actor.ts'
import { read } from '../../kernel/handlers.ts'
import { draftsBetween, publicDraft } from './drafts.store.ts'

export const list = read(listDrafts, async ({ input, actor, db, settings }) => {
  const { channelId, limit, cursor } = input
  const filter = { channelId: channelId ?? null }
  const question = { operation: listDrafts.name, actor: nameOf(actor), filter }
  const [below] = cursor ? settings.cursors.read(question, cursor) : [Number.MAX_SAFE_INTEGER]
  const wanted = { uid: actor.uid, channelId, above: 0, below: Number(below), limit: limit + 1 }
  const rows = await draftsBetween(db, wanted)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    drafts: page.map(publicDraft),
    next: last ? settings.cursors.write(question, [last.version]) : null,
  }
})
