import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import { isPlace } from '../../kernel/streams.ts'
import type { Changes } from '../../store/engine.ts'
import { isReadable } from '../../store/json.ts'
import type { BigId, ChannelsTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** What a channel row says, beside what the rows behind it say. */
const page = statement<{ id: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('channels')
    .leftJoin('streams', 'streams.id', 'channels.id')
    .select([
      'channels.id',
      'channels.version',
      'channels.member_count',
      'channels.owner_count',
      'channels.last_message_seq',
      'channels.deleted_at',
      'channels.name',
      'channels.history',
      'channels.custom',
      'channels.people',
      'streams.seq as head',
    ])
    .select((eb) => [
      eb
        .selectFrom('members')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('members.channel_id', '=', 'channels.id')
        .where('members.state', '=', 'joined')
        .as('members'),
      eb
        .selectFrom('members')
        .select((inner) => inner.fn.countAll<number>().as('count'))
        .whereRef('members.channel_id', '=', 'channels.id')
        .where('members.state', '=', 'joined')
        .where('members.role', '=', 'owner')
        .as('owners'),
      eb
        .selectFrom('messages')
        .select((inner) => inner.fn.max('messages.seq').as('seq'))
        .whereRef('messages.channel_id', '=', 'channels.id')
        .whereRef('messages.seq', '>', 'channels.floor')
        .where('messages.in_channel', '=', eb.lit(1))
        .where('messages.kind', '!=', eb.val('system'))
        .as('newest'),
    ])
    .where('channels.id', '>', p.id)
    .orderBy('channels.id')
    .limit(p.limit),
)

const recount = statement<{ id: BigId; members: number; owners: number; newest: number | null }>()(
  (db, p) =>
    db
      .updateTable('channels')
      .set({ member_count: p.members, owner_count: p.owners, last_message_seq: p.newest })
      .where('id', '=', p.id),
)

interface Row {
  readonly id: BigId
  readonly version: number
  readonly member_count: number
  readonly owner_count: number
  readonly last_message_seq: number | null
  readonly deleted_at: number | null
  readonly name: string | null
  readonly history: string
  readonly custom: string
  readonly people: string
  readonly head: number | null
  readonly members: number | null
  readonly owners: number | null
  readonly newest: number | null
}

export const channelCheck: Check = {
  name: 'channels',
  holds: 'Every channel counts its members, owners and messages right, and has a stream.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { id: after?.id ?? '0', limit }),
    ))
      for (const row of rows) yield* findingsOf(row)
  },
}

function* findingsOf(row: Row): Generator<Finding> {
  const where = `channel ${row.id}`
  if (row.head === null) yield { where, what: 'has no stream', repair: null }
  else if (!isPlace(row.head))
    yield { where, what: 'has a stream at no possible place', repair: null }
  else if (row.version > row.head)
    yield {
      where,
      what: `has the version ${row.version}, and its stream has only come to ${row.head}`,
      repair: null,
    }
  yield* oddities(row)
  // A deleted channel keeps the counts of its last day; its rows go in slices.
  if (row.deleted_at !== null) return
  const repair = (changes: Changes) =>
    recount.put(changes, {
      id: row.id,
      members: row.members ?? 0,
      owners: row.owners ?? 0,
      newest: row.newest,
    })
  if (row.member_count !== row.members)
    yield { where, what: `says ${row.member_count} members and has ${row.members}`, repair }
  if (row.owner_count !== row.owners)
    yield { where, what: `says ${row.owner_count} owners and has ${row.owners}`, repair }
  if (row.last_message_seq !== row.newest)
    yield {
      where,
      what: `says ${row.last_message_seq} for its newest message, which is ${row.newest}`,
      repair,
    }
}

/** Values that no server writes. */
function* oddities({ id, name, history, custom, people }: Row): Generator<Finding> {
  const finding = (what: string): Finding => ({ where: `channel ${id}`, what, repair: null })
  if (name === '') yield finding('has an empty name')
  if (!HISTORIES.includes(history)) yield finding('has a history policy that there is not')
  if (!isReadable(custom, {})) yield finding('has custom fields that cannot be read')
  if (!isReadable(people, [])) yield finding('has a list of people that cannot be read')
}

const HISTORIES: readonly string[] = ['all', 'sinceJoin'] satisfies ChannelsTable['history'][]
