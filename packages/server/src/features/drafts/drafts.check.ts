import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import { isReadable } from '../../store/json.ts'
import type { DraftsTable } from '../../store/ownSchema.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { emptyDraftsIn } from './deleted.store.ts'

const page = statement<{ uid: BigId; channelId: BigId; rootId: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('drafts')
    .leftJoin('streams', 'streams.id', 'drafts.uid')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.uid', '=', 'drafts.uid')
        .onRef('memberships.channel_id', '=', 'drafts.channel_id'),
    )
    .selectAll('drafts')
    .select(['streams.seq as head', 'memberships.state'])
    .where((eb) =>
      eb.or([
        eb('drafts.uid', '>', p.uid),
        eb.and([eb('drafts.uid', '=', p.uid), eb('drafts.channel_id', '>', p.channelId)]),
        eb.and([
          eb('drafts.uid', '=', p.uid),
          eb('drafts.channel_id', '=', p.channelId),
          eb('drafts.root_id', '>', p.rootId),
        ]),
      ]),
    )
    .orderBy('drafts.uid')
    .orderBy('drafts.channel_id')
    .orderBy('drafts.root_id')
    .limit(p.limit),
)

type Row = Readonly<DraftsTable> & { readonly head: number | null; readonly state: string | null }

export const draftCheck: Check = {
  name: 'drafts',
  holds: 'Every draft can be read, and belongs to a member of its channel.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, {
        uid: after?.uid ?? '0',
        channelId: after?.channel_id ?? '0',
        rootId: after?.root_id ?? '-1',
        limit,
      }),
    ))
      for (const row of rows) yield* findingsOf(row)
  },
}

function* findingsOf(row: Row): Generator<Finding> {
  const { uid, channel_id: channelId, version } = row
  const where = `draft of ${uid} in channel ${channelId}`
  const finding = (what: string): Finding => ({ where, what, repair: null })
  if (!isReadable(row.custom, {})) yield finding('has custom fields that cannot be read')
  if (!isReadable(row.mentions, [])) yield finding('has mentions that cannot be read')
  if (row.head === null) yield finding('belongs to nobody')
  else if (version > row.head)
    yield finding(`has the version ${version}, and the own stream has only come to ${row.head}`)
  // A deleted channel tells its members one after another, and drops its drafts with the rest.
  if (row.text !== null && row.state !== 'joined' && row.state !== 'deleted')
    yield {
      where,
      what: 'was left behind by a membership that ended',
      repair: (changes) => emptyDraftsIn(changes, { uid, channelId }, version),
    }
}
