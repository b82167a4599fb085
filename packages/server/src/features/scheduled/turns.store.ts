import type { Changes, Snapshot } from '../../store/engine.ts'
import type { BigId, Millis } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import type { ScheduledRow } from './scheduled.store.ts'

// What one author scheduled in one channel is tried in the order in which it is to be sent: nothing is tried before
// what stands in front of it. So whoever takes due rows by `try_at` need not ask for that order.

const inFront = statement<{ uid: BigId; channelId: BigId; sendAt: Millis; clientId: string }>()(
  (db, p) =>
    db
      .selectFrom('scheduled')
      .select('try_at')
      .where('uid', '=', p.uid)
      .where('channel_id', '=', p.channelId)
      .where('failed_at', 'is', null)
      .where((eb) =>
        eb.or([
          eb('send_at', '<', p.sendAt),
          eb.and([eb('send_at', '=', p.sendAt), eb('client_id', '<', p.clientId)]),
        ]),
      )
      .orderBy('try_at', 'desc')
      .limit(1),
)

/** When a row may be tried: at its time, and not before those in front of it. */
export async function turnFor(
  db: Snapshot,
  row: Pick<ScheduledRow, 'uid' | 'channel_id' | 'client_id' | 'send_at'>,
): Promise<Millis> {
  const { uid, channel_id: channelId, client_id: clientId, send_at: sendAt } = row
  const last = await inFront.first(db, { uid, channelId, sendAt, clientId })
  return Math.max(sendAt, last?.try_at ?? 0)
}

const hold = statement<{ uid: BigId; channelId: BigId; until: Millis }>()((db, p) =>
  db
    .updateTable('scheduled')
    .set({ try_at: p.until })
    .where('uid', '=', p.uid)
    .where('channel_id', '=', p.channelId)
    .where('failed_at', 'is', null)
    .where('try_at', '<', p.until),
)

/** Nothing that the author scheduled in the channel is tried before that moment. No version: nobody is told. */
export const holdUntil = (
  tx: Changes,
  { uid, channel_id: channelId }: Pick<ScheduledRow, 'uid' | 'channel_id'>,
  until: Millis,
): void => hold.put(tx, { uid, channelId, until })
