import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ id: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('channels')
    .select((eb) => [
      'channels.id',
      'channels.ordinal',
      'channels.purged_ordinal',
      eb
        .selectFrom('messages')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('messages.channel_id', '=', 'channels.id')
        .where('messages.to_read', '=', eb.lit(1))
        .as('counted'),
    ])
    .where('channels.id', '>', p.id)
    .where('channels.deleted_at', 'is', null)
    .orderBy('channels.id')
    .limit(p.limit),
)

const recount = statement<{ id: BigId; ordinal: number }>()((db, p) =>
  db.updateTable('channels').set({ ordinal: p.ordinal }).where('id', '=', p.id),
)

interface Row {
  readonly id: BigId
  readonly ordinal: number
  /** Of messages that were truncated since, and are not there to be counted. */
  readonly purged_ordinal: number
  readonly counted: number | null
}

export const unreadCheck: Check = {
  name: 'unread',
  holds: 'Every channel knows how many messages there were to read.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { id: after?.id ?? '0', limit }),
    ))
      for (const { id, ordinal, counted, purged_ordinal } of rows) {
        const were = purged_ordinal + (counted ?? 0)
        if (ordinal !== were)
          yield {
            where: `channel ${id}`,
            what: `says that there were ${ordinal} messages to read, and there were ${were}`,
            repair: (changes) => recount.put(changes, { id, ordinal: were }),
          }
      }
  },
}
