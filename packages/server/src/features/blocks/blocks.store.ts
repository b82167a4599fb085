import type { Block, BlockMode } from '@tertulia/protocol'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const byPair = statement<{ uid: BigId; other: BigId }>()((db, p) =>
  db.selectFrom('blocks').selectAll().where('uid', '=', p.uid).where('blocked_uid', '=', p.other),
)

interface Blocking {
  readonly mode: BlockMode
  readonly at: Millis
}

/** How one user blocks another; null when they do not. */
export async function blockingOf(db: Snapshot, uid: BigId, other: BigId): Promise<Blocking | null> {
  const row = await byPair.first(db, { uid, other })
  return row ? { mode: modeFrom(row.mode), at: row.blocked_at } : null
}

const save = statement<{ uid: BigId; other: BigId; mode: BlockMode; at: Millis }>()((db, p) =>
  db
    .insertInto('blocks')
    .values({ uid: p.uid, blocked_uid: p.other, mode: p.mode, blocked_at: p.at })
    .onConflict((conflict) =>
      conflict.columns(['uid', 'blocked_uid']).doUpdateSet({ mode: p.mode }),
    ),
)
const drop = statement<{ uid: BigId; other: BigId }>()((db, p) =>
  db.deleteFrom('blocks').where('uid', '=', p.uid).where('blocked_uid', '=', p.other),
)
const saveVersion = statement<{ uid: BigId; version: number }>()((db, p) =>
  db
    .insertInto('block_lists')
    .values({ uid: p.uid, version: p.version })
    .onConflict((conflict) => conflict.column('uid').doUpdateSet({ version: p.version })),
)

/** Whose list changes, and the seq of their own stream at which it does. */
interface Change {
  readonly uid: BigId
  readonly other: BigId
  readonly version: number
}

export function saveBlock(
  tx: Changes,
  { uid, other, version }: Change,
  { mode, at }: Blocking,
): void {
  save.put(tx, { uid, other, mode, at })
  saveVersion.put(tx, { uid, version })
}

export function dropBlock(tx: Changes, { uid, other, version }: Change): void {
  drop.put(tx, { uid, other })
  saveVersion.put(tx, { uid, version })
}

const count = statement<{ uid: BigId }>()((db, p) =>
  db
    .selectFrom('blocks')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('uid', '=', p.uid),
)

export const countBlocks = async (db: Snapshot, uid: BigId): Promise<number> =>
  (await count.first(db, { uid }))?.count ?? 0

const page = statement<{ uid: BigId; at: Millis; other: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('blocks')
    .innerJoin('users', 'users.uid', 'blocks.blocked_uid')
    .select(['users.id as userId', 'blocks.mode', 'blocks.blocked_at', 'blocks.blocked_uid'])
    .where('blocks.uid', '=', p.uid)
    .where((eb) =>
      eb.or([
        eb('blocks.blocked_at', '<', p.at),
        eb.and([eb('blocks.blocked_at', '=', p.at), eb('blocks.blocked_uid', '<', p.other)]),
      ]),
    )
    .orderBy('blocks.blocked_at', 'desc')
    .orderBy('blocks.blocked_uid', 'desc')
    .limit(p.limit),
)

export interface BlockRow {
  readonly userId: string
  readonly mode: string
  readonly blocked_at: Millis
  readonly blocked_uid: BigId
}

/** The newest first, from behind a row on. */
export const pageOfBlocks = (
  db: Snapshot,
  from: { uid: BigId; at: Millis; other: BigId; limit: number },
): Promise<BlockRow[]> => page.all(db, from)

const version = statement<{ uid: BigId }>()((db, p) =>
  db.selectFrom('block_lists').select('version').where('uid', '=', p.uid),
)

/** The seq of the own stream at which somebody's list changed last; 0 when it never did. */
export const blocksVersion = async (db: Snapshot, uid: BigId): Promise<number> =>
  (await version.first(db, { uid }))?.version ?? 0

const MODES: readonly string[] = ['oneWay', 'twoWay'] satisfies BlockMode[]

/** What cannot be read hides more: somebody may have wanted that. */
export const modeFrom = (mode: string): BlockMode =>
  MODES.includes(mode) ? (mode as BlockMode) : 'twoWay'

export const publicBlock = ({ userId, mode, blocked_at }: BlockRow): Block => ({
  userId,
  mode: modeFrom(mode),
  blockedAt: blocked_at,
})
