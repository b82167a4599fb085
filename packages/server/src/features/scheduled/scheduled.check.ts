import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import { isReadable } from '../../store/json.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

const page = statement<{ uid: BigId; channelId: BigId; clientId: string; limit: number }>()(
  (db, p) =>
    db
      .selectFrom('scheduled')
      .leftJoin('users', 'users.uid', 'scheduled.uid')
      .leftJoin('streams', 'streams.id', 'scheduled.uid')
      .select(['scheduled.uid', 'scheduled.channel_id', 'scheduled.client_id'])
      .select(['scheduled.version', 'scheduled.mentions', 'scheduled.custom'])
      .select(['users.id as author', 'streams.seq as head'])
      .where((eb) =>
        eb.or([
          eb('scheduled.uid', '>', p.uid),
          eb.and([
            eb('scheduled.uid', '=', p.uid),
            eb.or([
              eb('scheduled.channel_id', '>', p.channelId),
              eb.and([
                eb('scheduled.channel_id', '=', p.channelId),
                eb('scheduled.client_id', '>', p.clientId),
              ]),
            ]),
          ]),
        ]),
      )
      .orderBy('scheduled.uid')
      .orderBy('scheduled.channel_id')
      .orderBy('scheduled.client_id')
      .limit(p.limit),
)

const drop = statement<{ uid: BigId }>()((db, p) =>
  db.deleteFrom('scheduled').where('uid', '=', p.uid),
)

type Row = Awaited<ReturnType<typeof page.all>>[number]

export const scheduledCheck: Check = {
  name: 'scheduled',
  holds: 'Whatever waits to be sent has an author, and can be read.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, {
        uid: after?.uid ?? '0',
        channelId: after?.channel_id ?? '0',
        clientId: after?.client_id ?? '',
        limit,
      }),
    ))
      for (const row of rows) yield* findingsOf(row)
  },
}

function* findingsOf(row: Row): Generator<Finding> {
  const { uid, channel_id, client_id, version, author, head } = row
  const where = `scheduled ${client_id} of user ${uid} for channel ${channel_id}`
  const finding = (what: string): Finding => ({ where, what, repair: null })
  if (author === null)
    yield {
      where,
      what: 'has no author',
      repair: (changes) => drop.put(changes, { uid }),
    }
  else if (head !== null && version > head)
    yield finding(`has the version ${version}, and the stream has only come to ${head}`)
  if (!isReadable(row.mentions, [])) yield finding('has mentions that cannot be read')
  if (!isReadable(row.custom, {})) yield finding('has custom fields that cannot be read')
}
