import type { StreamAnnouncement } from '../ports/bus.ts'
import type { Changes, Snapshot } from '../store/engine.ts'
import { statement } from '../store/statement.ts'

/** The table of things to announce: written with the change itself, read again only when the bus may have missed it. */
export interface OutboxRow {
  readonly stream: string
  readonly seq: number
  readonly at: number
  readonly frame: string
  readonly meta: string
}

const insert = statement<{
  stream: string
  seq: number
  at: number
  frame: string
  meta: string
}>()((db, p) =>
  db.insertInto('outbox').values({
    stream_id: p.stream,
    seq: p.seq,
    at: p.at,
    frame: p.frame,
    meta: p.meta,
    published_at: null,
  }),
)

export const putOutbox = (tx: Changes, row: OutboxRow): void => insert.put(tx, { ...row })

export function outboxRowOf({ frame, ...meta }: StreamAnnouncement, at: number): OutboxRow {
  return { stream: meta.stream, seq: meta.seq, at, frame, meta: JSON.stringify(meta) }
}

const due = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom('outbox')
    .select(['frame', 'meta'])
    .where('published_at', 'is', null)
    .where('at', '<', p.before)
    .orderBy('at')
    .orderBy('stream_id')
    .orderBy('seq')
    .limit(p.limit),
)

/** What was committed before a moment and never marked as announced, oldest first. */
export async function dueAnnouncements(
  db: Snapshot,
  before: number,
  limit: number,
): Promise<StreamAnnouncement[]> {
  return (await due.all(db, { before, limit })).map(announcementOf)
}

const announcementOf = ({
  frame,
  meta,
}: Pick<OutboxRow, 'frame' | 'meta'>): StreamAnnouncement => ({
  // Rows of an earlier version have none.
  gate: null,
  ...(JSON.parse(meta) as Omit<StreamAnnouncement, 'frame' | 'gate'> &
    Partial<Pick<StreamAnnouncement, 'gate'>>),
  frame,
})

const after = statement<{ stream: string; seq: number }>()((db, p) =>
  db
    .selectFrom('outbox')
    .select(['frame', 'meta'])
    .where('stream_id', '=', p.stream)
    .where('seq', '>', p.seq)
    .where((eb) =>
      eb.or([
        eb('meta', 'not like', '%"access":[]%'),
        eb('meta', 'like', '%"gate":"shut"%'),
        eb('meta', 'like', '%"gate":"opened"%'),
      ]),
    )
    .orderBy('seq'),
)

/** What changed since an announcement in who may watch its stream, as far as the outbox goes back. */
export const accessAfter = async (
  db: Snapshot,
  { stream, seq }: Published,
): Promise<StreamAnnouncement[]> => (await after.all(db, { stream, seq })).map(announcementOf)

const mark = statement<{ stream: string; seq: number; at: number }>()((db, p) =>
  db
    .updateTable('outbox')
    .set({ published_at: p.at })
    .where('stream_id', '=', p.stream)
    .where('seq', '=', p.seq),
)

export interface Published {
  readonly stream: string
  readonly seq: number
}

export function markPublished(tx: Changes, published: readonly Published[], at: number): void {
  for (const { stream, seq } of published) mark.put(tx, { stream, seq, at })
}

const expired = statement<{ before: number; limit: number }>()((db, p) =>
  db
    .selectFrom('outbox')
    .select(['stream_id', 'seq'])
    .where('at', '<', p.before)
    .where('published_at', 'is not', null)
    .orderBy('at')
    .orderBy('stream_id')
    .orderBy('seq')
    .limit(p.limit),
)
const drop = statement<{ stream: string; seq: number }>()((db, p) =>
  db.deleteFrom('outbox').where('stream_id', '=', p.stream).where('seq', '=', p.seq),
)

/** The frame is a copy of content, so it goes after a day; one slice per call. Returns how many went. */
export async function dropExpired(tx: Changes, before: number, limit: number): Promise<number> {
  const rows = await expired.all(tx, { before, limit })
  for (const row of rows) drop.put(tx, { stream: row.stream_id, seq: row.seq })
  return rows.length
}

export const hasExpired = async (db: Snapshot, before: number): Promise<boolean> =>
  (await expired.all(db, { before, limit: 1 })).length > 0
