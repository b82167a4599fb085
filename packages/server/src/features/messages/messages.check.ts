import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import { isReadable } from '../../store/json.ts'
import type { BigId, MessagesTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { rowHash } from './row.ts'

const page = statement<{ channelId: BigId; seq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('messages')
    .leftJoin('streams', 'streams.id', 'messages.channel_id')
    .selectAll('messages')
    .select('streams.seq as head')
    .where((eb) =>
      eb.or([
        eb('messages.channel_id', '>', p.channelId),
        eb.and([eb('messages.channel_id', '=', p.channelId), eb('messages.seq', '>', p.seq)]),
      ]),
    )
    .orderBy('messages.channel_id')
    .orderBy('messages.seq')
    .limit(p.limit),
)

type Row = Readonly<MessagesTable> & { readonly head: number | null }

export const messageCheck: Check = {
  name: 'messages',
  holds: 'Every message is as it was written, and stands where its channel has been.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { channelId: after?.channel_id ?? '0', seq: after?.seq ?? 0, limit }),
    ))
      for (const row of rows) yield* findingsOf(row)
  },
}

function* findingsOf({ head, ...row }: Row): Generator<Finding> {
  const where = `channel ${row.channel_id}, message ${row.id} at ${row.seq}`
  const finding = (what: string): Finding => ({ where, what, repair: null })
  if (rowHash(row) !== row.hash) yield finding('was changed by something else than this server')
  if (!isReadable(row.custom, {})) yield finding('has custom fields that cannot be read')
  if (row.system !== null && !isReadable(row.system, {}))
    yield finding('tells something that cannot be read')
  if (!isReadable(row.mentions, [])) yield finding('has mentions that cannot be read')
  if (head === null) yield finding('belongs to no channel')
  else if (row.version > head)
    yield finding(`has the version ${row.version}, and its channel has only come to ${head}`)
  if (row.seq > row.version)
    yield finding(`has the version ${row.version}, which is before its place`)
}
