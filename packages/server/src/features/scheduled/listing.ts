import { LIMITS, listScheduled, type ScheduledMark } from '@tertulia/protocol'
import { nameOf } from '../../kernel/actor.ts'
import { read } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { ANY, scheduledFrom } from './pages.store.ts'
import { publicScheduled } from './row.ts'
import { scheduledMarksOf } from './scheduled.store.ts'

export const list = read(listScheduled, async ({ input, actor, db, settings }) => {
  const channelId = input.channelId ?? ANY
  const question = { operation: listScheduled.name, actor: nameOf(actor), filter: { channelId } }
  const [sendAt, clientId, after] = input.cursor
    ? settings.cursors.read(question, input.cursor)
    : [0, '', '0']
  const rows = await scheduledFrom(db, {
    uid: actor.uid,
    channelId,
    sendAt: Number(sendAt),
    clientId: String(clientId),
    after: String(after),
    limit: input.limit + 1,
  })
  const page = rows.slice(0, input.limit)
  const last = rows.length > input.limit ? page.at(-1) : undefined
  return {
    scheduled: page.map(publicScheduled),
    next: last
      ? settings.cursors.write(question, [last.send_at, last.client_id, last.channel_id])
      : null,
  }
})

/** What a sync tells of them. */
export const scheduledMarks = (db: Snapshot, uid: string): Promise<ScheduledMark[]> =>
  scheduledMarksOf(db, uid, LIMITS.scheduledPerUser)
