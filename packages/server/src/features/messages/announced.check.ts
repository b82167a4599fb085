import { type Check, slices } from '../../kernel/checks.ts'
import { fromJson } from '../../store/json.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** Events of channels at whose place there is no message: such a place is that of a change, or of a message that is gone. */
const page = statement<{ streamId: BigId; seq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('outbox')
    .innerJoin('channels', 'channels.id', 'outbox.stream_id')
    .leftJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'outbox.stream_id')
        .onRef('messages.seq', '=', 'outbox.seq'),
    )
    .select(['outbox.stream_id', 'outbox.seq', 'outbox.frame'])
    .where('channels.deleted_at', 'is', null)
    .where('messages.id', 'is', null)
    .whereRef('outbox.seq', '>', 'channels.floor')
    .where((eb) =>
      eb.or([
        eb('outbox.stream_id', '>', p.streamId),
        eb.and([eb('outbox.stream_id', '=', p.streamId), eb('outbox.seq', '>', p.seq)]),
      ]),
    )
    .orderBy('outbox.stream_id')
    .orderBy('outbox.seq')
    .limit(p.limit),
)

type Row = Awaited<ReturnType<typeof page.all>>[number]

/** A message stays for ever, as a tombstone at least. */
export const announcedCheck: Check = {
  name: 'announced messages',
  holds: 'Every message that was announced in the last day is there.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { streamId: after?.stream_id ?? '0', seq: after?.seq ?? 0, limit }),
    ))
      for (const { stream_id, seq, frame } of rows)
        if (fromJson<{ name?: unknown }>(frame, {}).name === 'message.created')
          yield {
            where: `channel ${stream_id}, message at ${seq}`,
            what: 'was announced and is not there',
            repair: null,
          }
  },
}
