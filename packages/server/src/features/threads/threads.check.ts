import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ channelId: BigId; rootSeq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('threads')
    .innerJoin('channels', 'channels.id', 'threads.channel_id')
    // Truncated ones wait to be thrown away, and nobody counts in them any more.
    .whereRef('threads.root_seq', '>', 'channels.floor')
    .select((eb) => [
      'threads.channel_id',
      'threads.root_seq',
      'threads.replies',
      eb
        .selectFrom('messages')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('messages.channel_id', '=', 'threads.channel_id')
        .whereRef('messages.thread_root_seq', '=', 'threads.root_seq')
        .where('messages.deleted_at', 'is', null)
        .as('counted'),
    ])
    .where((eb) =>
      eb.or([
        eb('threads.channel_id', '>', p.channelId),
        eb.and([
          eb('threads.channel_id', '=', p.channelId),
          eb('threads.root_seq', '>', p.rootSeq),
        ]),
      ]),
    )
    .orderBy('threads.channel_id')
    .orderBy('threads.root_seq')
    .limit(p.limit),
)

const recount = statement<{ channelId: BigId; rootSeq: number; replies: number }>()((db, p) =>
  db
    .updateTable('threads')
    .set({ replies: p.replies })
    .where('channel_id', '=', p.channelId)
    .where('root_seq', '=', p.rootSeq),
)

interface Row {
  readonly channel_id: BigId
  readonly root_seq: number
  readonly replies: number
  readonly counted: number | null
}

export const threadCheck: Check = {
  name: 'threads',
  holds: 'Every thread says how many replies it has.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { channelId: after?.channel_id ?? '0', rootSeq: after?.root_seq ?? 0, limit }),
    ))
      for (const { channel_id: channelId, root_seq: rootSeq, replies, counted } of rows)
        if (replies !== counted)
          yield {
            where: `channel ${channelId}, thread at ${rootSeq}`,
            what: `says that it has ${replies} replies, and it has ${counted}`,
            repair: (changes) =>
              recount.put(changes, { channelId, rootSeq, replies: counted ?? 0 }),
          }
  },
}
