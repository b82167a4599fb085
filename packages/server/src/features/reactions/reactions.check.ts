import { type Check, type Finding, slices } from '../../kernel/checks.ts'
import type { BigId } from '../../store/schema.ts'
import { statement } from '../../store/statement.ts'
import { countsOf, saveCounts } from './reactions.store.ts'

const page = statement<{ channelId: BigId; seq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('reaction_counts')
    .leftJoin('streams', 'streams.id', 'reaction_counts.channel_id')
    .leftJoin('messages', (join) =>
      join
        .onRef('messages.channel_id', '=', 'reaction_counts.channel_id')
        .onRef('messages.seq', '=', 'reaction_counts.message_seq'),
    )
    .selectAll('reaction_counts')
    .select(['streams.seq as head', 'messages.id as message'])
    .where((eb) =>
      eb.or([
        eb('reaction_counts.channel_id', '>', p.channelId),
        eb.and([
          eb('reaction_counts.channel_id', '=', p.channelId),
          eb('reaction_counts.message_seq', '>', p.seq),
        ]),
      ]),
    )
    .orderBy('reaction_counts.channel_id')
    .orderBy('reaction_counts.message_seq')
    .limit(p.limit),
)

const recount = statement<{ channelId: BigId; seq: number }>()((db, p) =>
  db
    .selectFrom('reactions')
    .select(['emoji', (eb) => eb.fn.sum<number>('score').as('score')])
    .where('channel_id', '=', p.channelId)
    .where('message_seq', '=', p.seq)
    .groupBy('emoji')
    .orderBy('emoji'),
)

export const reactionCheck: Check = {
  name: 'reactions',
  holds: 'The reactions that a message shows are those that people have on it.',
  async *run(look) {
    for await (const rows of slices(look, (db, after: Row | null, limit) =>
      page.all(db, { channelId: after?.channel_id ?? '0', seq: after?.message_seq ?? 0, limit }),
    ))
      for (const row of rows) {
        if (row.dropped_at !== null) continue
        const scores = await look.engine.read((db) =>
          recount.all(db, { channelId: row.channel_id, seq: row.message_seq }),
        )
        yield* findingsOf(row, Object.fromEntries(scores.map((one) => [one.emoji, +one.score])))
      }
  },
}

interface Row {
  readonly channel_id: BigId
  readonly message_seq: number
  readonly version: number
  readonly counts: string
  readonly dropped_at: number | null
  readonly head: number | null
  readonly message: BigId | null
}

function* findingsOf(row: Row, counts: Readonly<Record<string, number>>): Generator<Finding> {
  const { channel_id: channelId, message_seq: seq, version, head } = row
  const where = `channel ${channelId}, reactions to the message at ${seq}`
  if (row.message === null) yield { where, what: 'are to no message', repair: null }
  if (head !== null && version > head)
    yield {
      where,
      what: `have the version ${version}, and their channel has only come to ${head}`,
      repair: null,
    }
  if (!sameCounts(countsOf(row.counts), counts))
    yield {
      where,
      what: 'are counted wrongly',
      repair: (changes) => saveCounts(changes, { channelId, seq, version, counts }),
    }
}

const sameCounts = (
  one: Readonly<Record<string, number>>,
  other: Readonly<Record<string, number>>,
): boolean =>
  Object.keys(one).length === Object.keys(other).length &&
  Object.entries(one).every(([emoji, count]) => other[emoji] === count)
