import type { ScheduledMark } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { ScheduledTable } from '../../store/ownSchema.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

export type ScheduledRow = Readonly<ScheduledTable>

/** Which one it is, for ever. */
export interface Place {
  readonly uid: BigId
  readonly channelId: BigId
  readonly clientId: string
}

export const placeOf = ({ uid, channel_id, client_id }: ScheduledRow): Place => ({
  uid,
  channelId: channel_id,
  clientId: client_id,
})

const at = statement<{ uid: BigId; channelId: BigId; clientId: string }>()((db, p) =>
  db
    .selectFrom('scheduled')
    .selectAll()
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('client_id', '=', p.clientId),
)

export const scheduledAt = (db: Snapshot, place: Place): Promise<ScheduledRow | undefined> =>
  at.first(db, { ...place })

const insert = statement<{
  uid: BigId
  channelId: BigId
  clientId: string
  version: number
  sendAt: Millis
  tryAt: Millis
  text: string
  mentions: string
  quotedId: BigId | null
  threadRootId: BigId | null
  alsoInChannel: number
  silent: number
  custom: string
  createdAt: Millis
}>()((db, p) =>
  db.insertInto('scheduled').values({
    uid: p.uid,
    channel_id: p.channelId,
    client_id: p.clientId,
    version: p.version,
    send_at: p.sendAt,
    try_at: p.tryAt,
    text: p.text,
    mentions: p.mentions,
    quoted_id: p.quotedId,
    thread_root_id: p.threadRootId,
    also_in_channel: p.alsoInChannel,
    silent: p.silent,
    custom: p.custom,
    created_at: p.createdAt,
    failed_code: null,
    failed_details: null,
    failed_at: null,
  }),
)

/** One that waits. */
export const insertScheduled = (tx: Changes, row: ScheduledRow): void =>
  insert.put(tx, {
    ...placeOf(row),
    version: row.version,
    sendAt: row.send_at,
    tryAt: row.try_at,
    text: row.text,
    mentions: row.mentions,
    quotedId: row.quoted_id,
    threadRootId: row.thread_root_id,
    alsoInChannel: row.also_in_channel,
    silent: row.silent,
    custom: row.custom,
    createdAt: row.created_at,
  })

const save = statement<{
  uid: BigId
  channelId: BigId
  clientId: string
  version: number
  sendAt: Millis
  tryAt: Millis
  text: string
  mentions: string
  custom: string
  failedCode: string | null
  failedDetails: string | null
  failedAt: Millis | null
}>()((db, p) =>
  db
    .updateTable('scheduled')
    .set({
      version: p.version,
      send_at: p.sendAt,
      try_at: p.tryAt,
      text: p.text,
      mentions: p.mentions,
      custom: p.custom,
      failed_code: p.failedCode,
      failed_details: p.failedDetails,
      failed_at: p.failedAt,
    })
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('client_id', '=', p.clientId),
)

/** Saves what may change of it. */
export const saveScheduled = (tx: Changes, row: ScheduledRow): void =>
  save.put(tx, {
    ...placeOf(row),
    version: row.version,
    sendAt: row.send_at,
    tryAt: row.try_at,
    text: row.text,
    mentions: row.mentions,
    custom: row.custom,
    failedCode: row.failed_code,
    failedDetails: row.failed_details,
    failedAt: row.failed_at,
  })

const remove = statement<{ uid: BigId; channelId: BigId; clientId: string }>()((db, p) =>
  db
    .deleteFrom('scheduled')
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('client_id', '=', p.clientId),
)

export const removeScheduled = (tx: Changes, place: Place): void => remove.put(tx, { ...place })

const marks = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('scheduled')
    .select(['channel_id as channelId', 'client_id as clientId', 'version'])
    .where('uid', '=', p.uid)
    .orderBy('channel_id')
    .orderBy('client_id')
    .limit(p.limit),
)

/** Which ones a user has, and in which state each of them is. */
export const scheduledMarksOf = (
  db: Snapshot,
  uid: BigId,
  limit: number,
): Promise<ScheduledMark[]> => marks.all(db, { uid, limit })
