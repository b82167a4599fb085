import type { Snapshot } from '../../store/engine.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import type { ScheduledRow } from './scheduled.store.ts'

/** Stands for any channel: no channel has this id. */
export const ANY = '0'

const page = statement<{
  uid: BigId
  channelId: BigId
  sendAt: Millis
  clientId: string
  after: BigId
  limit: number
}>()((db, p) =>
  db
    .selectFrom('scheduled')
    .selectAll()
    .where('uid', '=', p.uid)
    .where((eb) => eb.or([eb(eb.val(p.channelId), '=', ANY), eb('channel_id', '=', p.channelId)]))
    .where((eb) =>
      eb.or([
        eb('send_at', '>', p.sendAt),
        eb.and([eb('send_at', '=', p.sendAt), eb('client_id', '>', p.clientId)]),
        eb.and([
          eb('send_at', '=', p.sendAt),
          eb('client_id', '=', p.clientId),
          eb('channel_id', '>', p.after),
        ]),
      ]),
    )
    .orderBy('send_at')
    .orderBy('client_id')
    .orderBy('channel_id')
    .limit(p.limit),
)

/** Where a page of the own list goes on. */
export interface ScheduledPage {
  readonly uid: BigId
  readonly channelId: BigId
  readonly sendAt: Millis
  readonly clientId: string
  /** The channel of the last one. */
  readonly after: BigId
  readonly limit: number
}

/** What a user scheduled, the next one first. */
export const scheduledFrom = (db: Snapshot, wanted: ScheduledPage): Promise<ScheduledRow[]> =>
  page.all(db, { ...wanted })

const due = statement<{ now: Millis; limit: number }>()((db, p) =>
  db
    .selectFrom('scheduled')
    .selectAll()
    .where('failed_at', 'is', null)
    .where('try_at', '<=', p.now)
    .orderBy('try_at')
    .orderBy('send_at')
    .orderBy('client_id')
    .limit(p.limit),
)

/** What waits and whose time has come, the oldest first. */
export const dueBy = (db: Snapshot, now: Millis, limit: number): Promise<ScheduledRow[]> =>
  due.all(db, { now, limit })

const failed = statement<{ before: Millis; limit: number }>()((db, p) =>
  db
    .selectFrom('scheduled')
    .selectAll()
    .where('failed_at', 'is not', null)
    .where('failed_at', '<', p.before)
    .orderBy('failed_at')
    .limit(p.limit),
)

/** What failed before a moment, the oldest first. */
export const failedBefore = (
  db: Snapshot,
  before: Millis,
  limit: number,
): Promise<ScheduledRow[]> => failed.all(db, { before, limit })
