import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import type { BigId, MembersTable } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'

/** Both sides of each membership: the channel's, which is the truth, and the user's, which follows from it. */
const page = statement<{ channelId: BigId; uid: BigId; limit: number }>()((db, p) =>
  db
    .selectFrom('members')
    .leftJoin('channels', 'channels.id', 'members.channel_id')
    .leftJoin('users', 'users.uid', 'members.uid')
    .leftJoin('memberships', (join) =>
      join
        .onRef('memberships.channel_id', '=', 'members.channel_id')
        .onRef('memberships.uid', '=', 'members.uid'),
    )
    .leftJoin('streams', 'streams.id', 'members.channel_id')
    .select([
      'members.channel_id',
      'members.uid',
      'members.role',
      'members.state',
      'members.version',
      'members.visible_from',
      'channels.id as channel',
      'channels.deleted_at',
      'users.uid as person',
      'memberships.state as own_state',
      'memberships.visible_from as own_visible_from',
      'streams.seq as head',
    ])
    .where((eb) =>
      eb.or([
        eb('members.channel_id', '>', p.channelId),
        eb.and([eb('members.channel_id', '=', p.channelId), eb('members.uid', '>', p.uid)]),
      ]),
    )
    .orderBy('members.channel_id')
    .orderBy('members.uid')
    .limit(p.limit),
)

const follow = statement<{
  channelId: BigId
  uid: BigId
  state: 'joined' | 'left' | 'removed'
  visibleFrom: number
}>()((db, p) =>
  db
    .updateTable('memberships')
    .set({ state: p.state, visible_from: p.visibleFrom })
    .where('channel_id', '=', p.channelId)
    .where('uid', '=', p.uid),
)

interface Row {
  readonly channel_id: BigId
  readonly uid: BigId
  readonly role: string
  readonly state: 'joined' | 'left' | 'removed'
  readonly version: number
  readonly visible_from: number
  readonly channel: BigId | null
  readonly deleted_at: number | null
  readonly person: BigId | null
  readonly own_state: 'joined' | 'left' | 'removed' | 'deleted' | null
  readonly own_visible_from: number | null
  readonly head: number | null
}

export const memberCheck: Check = {
  name: 'members',
  holds: 'Every membership is of a user in a channel, and both sides of it say the same.',
  async *run(look) {
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { channelId: after?.channel_id ?? '0', uid: after?.uid ?? '0', limit }),
    ))
      for (const row of rows) yield* findingsOf(row)
  },
}

const ROLES: readonly string[] = ['owner', 'moderator', 'member'] satisfies MembersTable['role'][]
const STATES: readonly string[] = ['joined', 'left', 'removed'] satisfies MembersTable['state'][]

function* findingsOf(row: Row): Generator<Finding> {
  const where = `channel ${row.channel_id}, member ${row.uid}`
  if (row.channel === null) yield { where, what: 'is of no channel', repair: null }
  if (row.person === null) yield { where, what: 'is no user', repair: null }
  if (!ROLES.includes(row.role)) yield { where, what: 'has a role that there is not', repair: null }
  if (!STATES.includes(row.state)) {
    yield { where, what: 'is in a state that there is not', repair: null }
    return
  }
  if (row.head !== null && row.version > row.head)
    yield {
      where,
      what: `has the version ${row.version}, and its channel has only come to ${row.head}`,
      repair: null,
    }
  // What is left of a deleted channel goes in slices, one side before the other.
  if (row.deleted_at !== null) return
  if (row.own_state === null) {
    yield { where, what: 'is not known on the side of the user', repair: null }
    return
  }
  if (row.own_state === row.state && row.own_visible_from === row.visible_from) return
  yield {
    where,
    what: `is ${row.state} from ${row.visible_from} in the channel, and ${row.own_state} from ${row.own_visible_from} for the user`,
    repair: (changes) =>
      follow.put(changes, {
        channelId: row.channel_id,
        uid: row.uid,
        state: row.state,
        visibleFrom: row.visible_from,
      }),
  }
}
