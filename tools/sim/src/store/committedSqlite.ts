import { DatabaseSync } from 'node:sqlite'
import { type Committed, eventOf, type StreamRow } from './committed.ts'

/** Ids are larger than a JS number holds, so everything is read as big integers. */
export function committedIn(file: string): Committed {
  const db = new DatabaseSync(file)
  const streams = db.prepare(
    'SELECT s.id, s.owner, u.id AS userId, s.seq FROM streams s LEFT JOIN users u ON u.uid = s.id',
  )
  const events = db.prepare('SELECT frame FROM outbox WHERE stream_id = ? AND seq > ? ORDER BY seq')
  streams.setReadBigInts(true)
  const rowsNow = () =>
    streams.all().map((row): StreamRow => {
      const { owner, userId } = row as unknown as StreamRow
      return { id: String(row['id']), owner, userId, seq: Number(row['seq']) }
    })
  const eventsAfter = (id: string, seq: number) =>
    events.all(BigInt(id), seq).map((row) => eventOf(String(row['frame'])))
  return {
    // Nobody writes in between: this runs to its end at once.
    streams: async (known) =>
      rowsNow().map((stream) => {
        const head = known(stream)
        return { ...stream, events: head < stream.seq ? eventsAfter(stream.id, head) : [] }
      }),
    close: async () => db.close(),
  }
}
