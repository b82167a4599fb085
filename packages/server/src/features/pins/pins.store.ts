import type { Pin } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, Millis, PinsTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { noteChange } from '../access/index.ts'

export type PinRow = Readonly<PinsTable> & { readonly messageId: BigId }

const byMessage = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db
    .selectFrom('pins')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'pins.channel_id')
        .onRef('messages.seq', '=', 'pins.message_seq'),
    )
    .selectAll('pins')
    .select('messages.id as messageId')
    .where('pins.channel_id', '=', p.channelId)
    .where('pins.message_seq', '=', p.seq),
)

export const pinOn = (db: Snapshot, channelId: BigId, seq: number): Promise<PinRow | undefined> =>
  byMessage.first(db, { channelId, seq })

const count = statement<{ channelId: BigId }>()((db, p) =>
  db
    .selectFrom('pins')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('channel_id', '=', p.channelId),
)

export const pinCount = async (db: Snapshot, channelId: BigId): Promise<number> =>
  (await count.first(db, { channelId }))?.count ?? 0

const unseeing = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db
    .selectFrom('members')
    .select('uid')
    .where('channel_id', '=', p.channelId)
    .where((eb) => eb('state', '=', eb.val('joined')))
    .where('visible_from', '>=', p.seq)
    .limit(1),
)

/** Whether a member of the channel does not see what stands at a seq. */
export const hidesFromSomebody = async (
  db: Snapshot,
  at: { channelId: BigId; seq: number },
): Promise<boolean> => (await unseeing.first(db, at)) !== undefined

const page = statement<{
  channelId: BigId
  visibleFrom: number
  below: number
  limit: number
}>()((db, p) =>
  db
    .selectFrom('pins')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'pins.channel_id')
        .onRef('messages.seq', '=', 'pins.message_seq'),
    )
    .selectAll('pins')
    .select('messages.id as messageId')
    .where('pins.channel_id', '=', p.channelId)
    .where('pins.version', '<', p.below)
    .where('messages.deleted_at', 'is', null)
    // What is seen is told by the same rule as for messages: a reply in its thread alone is part of its root.
    .where((eb) =>
      eb.or([
        eb.and([eb('messages.in_channel', '=', eb.lit(1)), eb('messages.seq', '>', p.visibleFrom)]),
        eb.and([
          eb('messages.in_channel', '=', eb.lit(0)),
          eb('messages.thread_root_seq', '>', p.visibleFrom),
        ]),
      ]),
    )
    .orderBy('pins.version', 'desc')
    .limit(p.limit),
)

/** The pins of messages that somebody sees, the latest first, from a version down. */
export const pinsBelow = (
  db: Snapshot,
  range: { channelId: BigId; visibleFrom: number; below: number; limit: number },
): Promise<PinRow[]> => page.all(db, range)

const insert = statement<{
  channelId: BigId
  seq: number
  at: Millis
  by: string | null
  version: number
}>()((db, p) =>
  db.insertInto('pins').values({
    channel_id: p.channelId,
    message_seq: p.seq,
    pinned_at: p.at,
    pinned_by: p.by,
    version: p.version,
  }),
)
const drop = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db.deleteFrom('pins').where('channel_id', '=', p.channelId).where('message_seq', '=', p.seq),
)
const saveVersion = statement<{ channelId: BigId; version: number }>()((db, p) =>
  db.updateTable('channels').set({ pins_version: p.version }).where('id', '=', p.channelId),
)

/** One version for all pins of a channel: a delta tells the whole set, or nothing of it. */
function noteVersion(tx: Changes, channelId: BigId, version: number): void {
  noteChange(tx, channelId, { pins_version: version })
  saveVersion.put(tx, { channelId, version })
}

export function savePin(tx: Changes, row: PinRow): void {
  insert.put(tx, {
    channelId: row.channel_id,
    seq: row.message_seq,
    at: row.pinned_at,
    by: row.pinned_by,
    version: row.version,
  })
  noteVersion(tx, row.channel_id, row.version)
}

export function removePin(
  tx: Changes,
  { channel_id: channelId, message_seq: seq }: Pick<PinRow, 'channel_id' | 'message_seq'>,
  version: number,
): void {
  drop.put(tx, { channelId, seq })
  noteVersion(tx, channelId, version)
}

const truncated = statement<{ channelId: BigId; upTo: number }>()((db, p) =>
  db
    .selectFrom('pins')
    .innerJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'pins.channel_id')
        .onRef('messages.seq', '=', 'pins.message_seq'),
    )
    .selectAll('pins')
    .select(['messages.id as messageId', 'messages.thread_root_seq'])
    .where('pins.channel_id', '=', p.channelId)
    .where((eb) =>
      eb.or([
        eb('messages.seq', '<=', p.upTo),
        eb.and([
          eb('messages.in_channel', '=', eb.lit(0)),
          eb('messages.thread_root_seq', '<=', p.upTo),
        ]),
      ]),
    )
    .orderBy('pins.message_seq'),
)

/** The pins on messages up to a seq, and on the replies that go with them. */
export const pinsUpTo = (
  db: Snapshot,
  range: { channelId: BigId; upTo: number },
): Promise<(PinRow & { readonly thread_root_seq: number | null })[]> => truncated.all(db, range)

const dropAll = statement<{ channelId: BigId }>()((db, p) =>
  db.deleteFrom('pins').where('channel_id', '=', p.channelId),
)

/** They are few: the limit of a channel at most. */
export const dropPinsOf = (tx: Changes, channelId: BigId): void => dropAll.put(tx, { channelId })

export const publicPin = (row: PinRow): Pin => ({
  messageId: row.messageId,
  messageSeq: row.message_seq,
  at: row.pinned_at,
  by: row.pinned_by,
})
