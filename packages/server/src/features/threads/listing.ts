import { listThreads } from '@tertulia/protocol'
import { nameOf } from '../../kernel/actor.ts'
import { read } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { messageBySeq, publicMessage } from '../messages/index.ts'
import { followedThreads } from './list.store.ts'
import { threadStateOf } from './state.ts'

type Row = Awaited<ReturnType<typeof followedThreads>>[number]

export const list = read(listThreads, async ({ input, actor, db, settings }) => {
  const question = { operation: listThreads.name, actor: nameOf(actor), filter: null }
  const [unread, at, rootId] = input.cursor
    ? settings.cursors.read(question, input.cursor)
    : [1, Number.MAX_SAFE_INTEGER, '0']
  const rows = await followedThreads(db, {
    uid: actor.uid,
    unread: Number(unread),
    at: Number(at),
    rootId: String(rootId),
    limit: input.limit + 1,
  })
  const page = rows.slice(0, input.limit)
  const last = rows.length > input.limit ? page.at(-1) : undefined
  const entries = await Promise.all(page.map((row) => entryOf(db, actor.uid, row)))
  return {
    threads: entries.flatMap((entry) => entry ?? []),
    next: last ? settings.cursors.write(question, [last.unread, last.at, last.root_id]) : null,
  }
})

async function entryOf(db: Snapshot, uid: string, row: Row) {
  const { channel_id: channelId, root_seq: rootSeq } = row
  const root = await messageBySeq(db, channelId, rootSeq)
  if (!root) return null
  const state = await threadStateOf(db, { uid, channelId, rootSeq }, row)
  return { channelId, root: publicMessage(root), state }
}
