import type { BigId } from '../store/schema.ts'
import { statement } from '../store/statement.ts'
import { type Check, type Finding, slices } from './checks.ts'

const page = statement<{ streamId: BigId; seq: number; limit: number }>()((db, p) =>
  db
    .selectFrom('outbox')
    .leftJoin('streams', 'streams.id', 'outbox.stream_id')
    .select(['outbox.stream_id', 'outbox.seq', 'outbox.published_at', 'streams.seq as head'])
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

interface Row {
  readonly stream_id: BigId
  readonly seq: number
  readonly published_at: number | null
  readonly head: number | null
}

/** The outbox keeps the events of a day: in it a hole in a stream would show. */
export const outboxCheck: Check = {
  name: 'outbox',
  holds: 'The events of the last day follow one another without a hole.',
  async *run(look) {
    let before: Row | null = null
    for await (const rows of slices<Row>(look, (db, after, limit) =>
      page.all(db, { streamId: after?.stream_id ?? '0', seq: after?.seq ?? 0, limit }),
    ))
      for (const row of rows) {
        yield* findingsOf(row, before)
        before = row
      }
  },
}

function* findingsOf(row: Row, before: Row | null): Generator<Finding> {
  const where = `stream ${row.stream_id}, event ${row.seq}`
  const finding = (what: string): Finding => ({ where, what, repair: null })
  if (row.head === null) yield finding('is of no stream')
  else if (row.seq > row.head)
    yield finding(`lies beyond the head of its stream, which is ${row.head}`)
  // What was announced is thrown away after its day, from under what was not.
  if (
    before?.stream_id === row.stream_id &&
    before.published_at !== null &&
    row.seq > before.seq + 1
  )
    yield finding(`does not follow what is there before it, which is ${before.seq}`)
}
