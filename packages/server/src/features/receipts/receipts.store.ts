import type { Receipt } from '@tertulia/protocol'
import { type RawBuilder, sql } from 'kysely'
import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { hides, modeOrNull } from '../blocks/index.ts'
import { privacyFrom } from '../privacy/index.ts'

const one = statement<{ channelId: BigId; uid: BigId }>()((db, p) =>
  db
    .selectFrom('receipts')
    .select(['delivered_seq as delivered', 'read_seq as read'])
    .where('channel_id', '=', p.channelId)
    .where('uid', '=', p.uid),
)

export type Seqs = Pick<Receipt, 'delivered' | 'read'>

export const receiptOf = async (db: Snapshot, channelId: BigId, uid: BigId): Promise<Seqs> =>
  (await one.first(db, { channelId, uid })) ?? { delivered: 0, read: 0 }

/** Both engines have it, under another name. */
const higher = (dialect: string, column: string): RawBuilder<number> =>
  dialect === 'postgres'
    ? sql`greatest(receipts.${sql.ref(column)}, excluded.${sql.ref(column)})`
    : sql`max(receipts.${sql.ref(column)}, excluded.${sql.ref(column)})`

const save = statement<{ channelId: BigId; uid: BigId; delivered: number; read: number }>()(
  (db, p, dialect) =>
    db
      .insertInto('receipts')
      .values({
        channel_id: p.channelId,
        uid: p.uid,
        delivered_seq: p.delivered,
        read_seq: p.read,
      })
      .onConflict((conflict) =>
        conflict.columns(['channel_id', 'uid']).doUpdateSet({
          delivered_seq: higher(dialect, 'delivered_seq'),
          read_seq: higher(dialect, 'read_seq'),
        }),
      ),
)

/** Receipts only grow, in whatever order they come. */
export const saveReceipt = (tx: Changes, row: { channelId: BigId; uid: BigId } & Seqs): void =>
  save.put(tx, row)

const ofMembers = statement<{ channelId: BigId; viewer: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('receipts')
    .innerJoin('members', (join) =>
      join
        .onRef('members.channel_id', '=', 'receipts.channel_id')
        .onRef('members.uid', '=', 'receipts.uid'),
    )
    .innerJoin('users', 'users.uid', 'receipts.uid')
    .leftJoin('privacy', 'privacy.uid', 'receipts.uid')
    .leftJoin('blocks as mine', (join) =>
      join.on('mine.uid', '=', p.viewer).onRef('mine.blocked_uid', '=', 'receipts.uid'),
    )
    .leftJoin('blocks as theirs', (join) =>
      join.onRef('theirs.uid', '=', 'receipts.uid').on('theirs.blocked_uid', '=', p.viewer),
    )
    .select([
      'users.id as userId',
      'receipts.delivered_seq as delivered',
      'receipts.read_seq as read',
      'privacy.choices',
      'mine.mode as mine',
      'theirs.mode as theirs',
    ])
    .where('receipts.channel_id', '=', p.channelId)
    .where('members.state', '=', 'joined')
    .orderBy('receipts.uid')
    .limit(p.limit),
)

/** Without those who hide theirs from the viewer or from everybody, also what was stored before they did. */
export async function receiptsOf(
  db: Snapshot,
  wanted: { readonly channelId: BigId; readonly viewer: BigId; readonly limit: number },
): Promise<Receipt[]> {
  const rows = await ofMembers.all(db, wanted)
  return rows
    .filter(({ choices }) => privacyFrom(choices).receipts)
    .filter(({ mine, theirs }) => !hides({ mine: modeOrNull(mine), theirs: modeOrNull(theirs) }))
    .map(({ userId, delivered, read }) => ({ userId, delivered, read }))
}

const some = statement<{ channelId: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('receipts')
    .select('uid')
    .where('channel_id', '=', p.channelId)
    .orderBy('uid')
    .limit(p.limit),
)
const drop = statement<{ channelId: BigId; uid: BigId }>()((db, p) =>
  db.deleteFrom('receipts').where('channel_id', '=', p.channelId).where('uid', '=', p.uid),
)

export const dropReceipt = (tx: Changes, channelId: BigId, uid: BigId): void =>
  drop.put(tx, { channelId, uid })

/** A slice of all receipts of a channel that is no more. Resolves whether there may be more. */
export async function dropReceiptsOf(
  tx: Changes,
  channelId: BigId,
  limit: number,
): Promise<boolean> {
  const rows = await some.all(tx, { channelId, limit })
  for (const { uid } of rows) drop.put(tx, { channelId, uid })
  return rows.length === limit
}
