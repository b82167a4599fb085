import { type Check, slices } from '../../kernel/checks.ts'
import type { BigId, PinsTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { removePin } from './pins.store.ts'

const page = statement<{ channelId: BigId; seq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('pins')
    .leftJoin('channels', 'channels.id', 'pins.channel_id')
    .leftJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'pins.channel_id')
        .onRef('messages.seq', '=', 'pins.message_seq'),
    )
    .selectAll('pins')
    .select(['channels.pins_version', 'messages.id as message', 'messages.deleted_at'])
    .where((eb) =>
      eb.or([
        eb('pins.channel_id', '>', p.channelId),
        eb.and([eb('pins.channel_id', '=', p.channelId), eb('pins.message_seq', '>', p.seq)]),
      ]),
    )
    .orderBy('pins.channel_id')
    .orderBy('pins.message_seq')
    .limit(p.limit),
)

const raise = statement<{ channelId: BigId; version: number }>()((db, p) =>
  db.updateTable('channels').set({ pins_version: p.version }).where('id', '=', p.channelId),
)

type Row = Readonly<PinsTable> & {
  readonly pins_version: number | null
  readonly message: BigId | null
  readonly deleted_at: number | null
}

export const pinCheck: Check = {
  name: 'pins',
  holds: 'Every pin is on a message that is there, and its channel knows when it was set.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { channelId: after?.channel_id ?? '0', seq: after?.message_seq ?? 0, limit }),
    ))
      for (const row of rows) {
        const { channel_id: channelId, message_seq: seq, version } = row
        const where = `channel ${channelId}, pin on the message at ${seq}`
        if (row.message === null || row.deleted_at !== null)
          yield {
            where,
            what: 'is on a message that is not there any more',
            repair: (changes) => removePin(changes, row, row.pins_version ?? version),
          }
        else if (version > (row.pins_version ?? 0))
          yield {
            where,
            what: `has the version ${version}, and its channel knows of pins up to ${row.pins_version}`,
            repair: (changes) => raise.put(changes, { channelId, version }),
          }
      }
  },
}
