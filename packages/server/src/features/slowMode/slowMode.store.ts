import type { Changes, Snapshot } from '../../store/engine.ts'
import { keepRow, readOnce } from '../../store/lockedRows.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import type { Spent } from './pace.ts'

const one = statement<{ channelId: BigId; uid: BigId }>()((db, p) =>
  db
    .selectFrom('slow_sends')
    .select(['sent_at as sentAt', 'free_at as freeAt'])
    .where('channel_id', '=', p.channelId)
    .where('uid', '=', p.uid),
)

export interface Sender {
  readonly channelId: BigId
  readonly uid: BigId
}

const placeOf = ({ channelId, uid }: Sender) => ({ stream: channelId, key: `slow ${uid}` })

export const spentBy = async (db: Snapshot, { channelId, uid }: Sender): Promise<Spent | null> =>
  (await readOnce(db, placeOf({ channelId, uid }), () => one.first(db, { channelId, uid }))) ?? null

const save = statement<{ channelId: BigId; uid: BigId; sentAt: Millis; freeAt: Millis }>()(
  (db, p) =>
    db
      .insertInto('slow_sends')
      .values({ channel_id: p.channelId, uid: p.uid, sent_at: p.sentAt, free_at: p.freeAt })
      .onConflict((conflict) =>
        conflict
          .columns(['channel_id', 'uid'])
          .doUpdateSet({ sent_at: p.sentAt, free_at: p.freeAt }),
      ),
)

export function saveSpent(tx: Changes, { channelId, uid }: Sender, spent: Spent): void {
  keepRow(tx, placeOf({ channelId, uid }), spent)
  save.put(tx, { channelId, uid, ...spent })
}

const past = statement<{ before: Millis; limit: number }>()((db, p) =>
  db
    .selectFrom('slow_sends')
    .select(['channel_id as channelId', 'uid'])
    .where('free_at', '<=', p.before)
    .orderBy('free_at')
    .orderBy('channel_id')
    .orderBy('uid')
    .limit(p.limit),
)

// Nobody holds the channel here: the row may have come to count again since it was found.
const drop = statement<{ channelId: BigId; uid: BigId; before: Millis }>()((db, p) =>
  db
    .deleteFrom('slow_sends')
    .where('channel_id', '=', p.channelId)
    .where('uid', '=', p.uid)
    .where('free_at', '<=', p.before),
)

export const hasPast = async (db: Snapshot, before: Millis): Promise<boolean> =>
  (await past.all(db, { before, limit: 1 })).length > 0

/** Forgets one slice of what does not count any more. Resolves with how many there were. */
export async function forgetPast(tx: Changes, before: Millis, limit: number): Promise<number> {
  const rows = await past.all(tx, { before, limit })
  for (const row of rows) drop.put(tx, { ...row, before })
  return rows.length
}
