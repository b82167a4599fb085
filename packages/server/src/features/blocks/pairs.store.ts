import type { BlockMode } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { modeFrom } from './blocks.store.ts'

const byPair = statement<{ uid: BigId; other: BigId }>()((db, p) =>
  db
    .selectFrom('users')
    .leftJoin('blocks as mine', (join) =>
      join.on('mine.uid', '=', p.uid).on('mine.blocked_uid', '=', p.other),
    )
    .leftJoin('blocks as theirs', (join) =>
      join.on('theirs.uid', '=', p.other).on('theirs.blocked_uid', '=', p.uid),
    )
    .select([
      'users.deactivated_at',
      'mine.mode as mine',
      'mine.blocked_at as mine_at',
      'theirs.mode as theirs',
      'theirs.blocked_at as theirs_at',
    ])
    .where('users.uid', '=', p.other),
)

/** How a user stands to another one; a null is no block. */
export interface Pair {
  readonly mine: BlockMode | null
  readonly theirs: BlockMode | null
}

/** The same with the times, and since when the other one is deactivated. */
interface DatedPair extends Pair {
  readonly mineAt: Millis | null
  readonly theirsAt: Millis | null
  readonly deactivatedAt: Millis | null
}

/** How two users stand to each other: one look. */
export async function pairOf(db: Snapshot, uid: BigId, other: BigId): Promise<DatedPair> {
  const row = await byPair.first(db, { uid, other })
  return {
    mine: modeOrNull(row?.mine),
    theirs: modeOrNull(row?.theirs),
    mineAt: row?.mine_at ?? null,
    theirsAt: row?.theirs_at ?? null,
    deactivatedAt: row?.deactivated_at ?? null,
  }
}

export const modeOrNull = (mode: string | null | undefined): BlockMode | null =>
  mode === null || mode === undefined ? null : modeFrom(mode)

/** Whether a user must learn nothing of what the other one does. */
export const hides = ({ mine, theirs }: Pair): boolean => theirs !== null || mine === 'twoWay'

/** Since when a user must learn nothing of the other one: of two blocks the first; null when none hides. */
export function hiddenSince({
  mine,
  theirs,
  mineAt,
  theirsAt,
}: Omit<DatedPair, 'deactivatedAt'>): Millis | null {
  const times = [mine === 'twoWay' ? mineAt : null, theirs === null ? null : theirsAt]
  const known = times.filter((at) => at !== null)
  return known.length > 0 ? Math.min(...known) : null
}

const blocked = statement<{ uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('blocks')
    .select(['blocked_uid as uid', 'mode'])
    .where('uid', '=', p.uid)
    .orderBy('blocked_uid')
    .limit(p.limit),
)

/** Everybody whom a user blocks, by uid. */
export async function blockedBy(
  db: Snapshot,
  uid: BigId,
  limit: number,
): Promise<ReadonlyMap<BigId, BlockMode>> {
  const rows = await blocked.all(db, { uid, limit })
  return new Map(rows.map((row) => [row.uid, modeFrom(row.mode)]))
}

const directOfTwo = statement<{ people: string }>()((db, p) =>
  db.selectFrom('channels').select('id').where('people_key', '=', p.people),
)

/** The direct channel of these two, if they have one. */
export async function directOf(db: Snapshot, one: BigId, other: BigId): Promise<BigId | null> {
  const people = [one, other].sort((a, b) => (BigInt(a) < BigInt(b) ? -1 : 1)).join(',')
  return (await directOfTwo.first(db, { people }))?.id ?? null
}

const everShared = statement<{ uid: BigId; other: BigId }>()((db, p) =>
  db
    .selectFrom('memberships as mine')
    .innerJoin('members as theirs', 'theirs.channel_id', 'mine.channel_id')
    .select('mine.channel_id')
    .where('mine.uid', '=', p.uid)
    .where('theirs.uid', '=', p.other)
    .limit(1),
)

/** Whether two users have, or had, a channel in common. */
export const haveMet = async (db: Snapshot, uid: BigId, other: BigId): Promise<boolean> =>
  (await everShared.first(db, { uid, other })) !== undefined
