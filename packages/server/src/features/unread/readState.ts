import { LIMITS, type ReadState } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { mentionsAbove } from './mentions.store.ts'
import { countUnread, type ReadRow, readingOf } from './unread.store.ts'

/** Whose reading of which channel. */
export interface Reading {
  readonly uid: string
  readonly channelId: string
  /** Of the channel, in the same snapshot. */
  readonly ordinal: number
  /** What the member may not see is not to be read. */
  readonly visibleFrom: number
}

/** What a member has to read. Counted from the messages themselves, so it cannot drift. */
export async function readStateOf(db: Snapshot, reading: Reading): Promise<ReadState> {
  const row = await readingOf(db, reading.uid, reading.channelId)
  return countedFrom(db, reading, row ?? { read_seq: 0, unread_from: null })
}

export async function countedFrom(
  db: Snapshot,
  reading: Reading,
  row: ReadRow,
): Promise<ReadState> {
  const { uid, channelId, ordinal } = reading
  const after = countedAfter(row, reading)
  const range = { uid, channelId, after, limit: LIMITS.unreadShown }
  const [{ unread, first }, mentions] = await Promise.all([
    countUnread(db, range),
    mentionsAbove(db, range),
  ])
  return {
    seq: row.read_seq,
    unreadFrom: row.unread_from,
    unread,
    firstUnread: first,
    mentions: mentions.length,
    ordinal,
  }
}

/** Only what stands after this seq is to be read. */
export const countedAfter = (
  { read_seq, unread_from }: ReadRow,
  { visibleFrom }: Pick<Reading, 'visibleFrom'>,
): number => Math.max(unread_from === null ? read_seq : unread_from - 1, visibleFrom)
