import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { notePurged } from './truncation.store.ts'

/** Channels that say that they hold nothing from below their floor, and do. */
const page = statement<{ id: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('channels')
    .select(['channels.id', 'channels.floor'])
    .where('channels.id', '>', p.id)
    .where('channels.deleted_at', 'is', null)
    .where('channels.floor', '>', 0)
    .whereRef('channels.purged_up_to', '>=', 'channels.floor')
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('messages')
          .select('messages.seq')
          .whereRef('messages.channel_id', '=', 'channels.id')
          .whereRef('messages.seq', '<=', 'channels.floor'),
      ),
    )
    .orderBy('channels.id')
    .limit(p.limit),
)

interface Row {
  readonly id: BigId
  readonly floor: number
}

export const truncationCheck: Check = {
  name: 'truncation',
  holds: 'What was truncated is gone, or is still being thrown away.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { id: after?.id ?? '0', limit }),
    ))
      for (const { id, floor } of rows)
        yield {
          where: `channel ${id}`,
          what: `was truncated up to ${floor}, and still holds messages from before`,
          // The sweeper of the next start goes through it again.
          repair: (changes) => notePurged.put(changes, { channelId: id, upTo: 0 }),
        }
  },
}
