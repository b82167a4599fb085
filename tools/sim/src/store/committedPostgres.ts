import { Client } from 'pg'
import { type Committed, eventOf, type StreamRow } from './committed.ts'

/** Ids come as texts, whatever is larger than a JS number as well. */
interface Row {
  readonly id: string
  readonly owner: StreamRow['owner']
  readonly user_id: string | null
  readonly seq: string
}

const STREAMS =
  'SELECT s.id, s.owner, u.id AS user_id, s.seq FROM streams s LEFT JOIN users u ON u.uid = s.id ORDER BY s.id'
const EVENTS = 'SELECT frame FROM outbox WHERE stream_id = $1 AND seq > $2 ORDER BY seq'

export async function committedAt(url: string): Promise<Committed> {
  const client = new Client({ connectionString: url, application_name: 'the checker' })
  await client.connect()
  const rowsNow = async () =>
    (await client.query<Row>(STREAMS)).rows.map(
      ({ id, owner, user_id, seq }): StreamRow => ({
        id,
        owner,
        userId: user_id,
        seq: Number(seq),
      }),
    )
  const eventsAfter = async (id: string, seq: number) => {
    const { rows } = await client.query<{ frame: string }>(EVENTS, [id, seq])
    return rows.map(({ frame }) => eventOf(frame))
  }
  return {
    async streams(known) {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const streams = []
      for (const stream of await rowsNow()) {
        const head = known(stream)
        const events = head < stream.seq ? await eventsAfter(stream.id, head) : []
        streams.push({ ...stream, events })
      }
      await client.query('COMMIT')
      return streams
    },
    close: () => client.end(),
  }
}
