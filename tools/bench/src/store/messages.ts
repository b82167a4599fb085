import type { DatabaseSync } from 'node:sqlite'
import { LONG_AGO } from './fill.ts'
import { channelId, headOf, type Town, uidOf } from './people.ts'

/** Every second message is in channel 0; the others go round the other channels of the town. */
export interface Talk {
  readonly town: Town
  readonly messages: number
}

const SLICE = 100_000

// 20 to 139 characters each, 80 on average.
const WORDS =
  'the ferry leaves at nine so bring the blue folder and a coat because it will rain before we are back '.repeat(
    3,
  )

/**
 * In the order of time, so that the rows of all channels are written mixed as in life. Columns that no page looks at
 * (the row hash) hold text of the right length.
 */
const INSERT = `
  INSERT INTO messages (channel_id, seq, id, version, author_uid, author, client_id, kind, text, quoted_id, mentions,
    custom, created_at, hash)
  WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :last),
    placed AS (SELECT i,
      CASE WHEN i % 2 = 0 OR :others = 0 THEN 0 ELSE 1 + (i / 2) % :others END AS channel,
      CASE WHEN :others = 0 THEN i WHEN i % 2 = 0 THEN i / 2 ELSE CAST((i / 2) / :others AS INTEGER) END AS place FROM n)
  SELECT :channel + channel, :head + 1 + place, :channel + 1000000000 + i * 4096, :head + 1 + place,
    :uid + i % :people, 'user-' || (i % :people), printf('019a9f2e-8c4b-7000-8000-%012x', i), 'text',
    substr(:words, 1 + i % 100, 20 + (i * 7) % 120), NULL, '[]', '{}', :at + i, lower(hex(randomblob(21))) || '0'
  FROM placed`

export function seedMessages(db: DatabaseSync, { town, messages }: Talk): void {
  const insert = db.prepare(INSERT)
  for (let first = 0; first < messages; first += SLICE)
    insert.run({
      first,
      last: Math.min(first + SLICE, messages),
      others: town.channels - 1,
      channel: Number(channelId(0)),
      head: headOf(town),
      uid: Number(uidOf(0)),
      people: town.users,
      words: WORDS,
      at: LONG_AGO + 1_000_000,
    })
  noteHeads(db)
}

function noteHeads(db: DatabaseSync): void {
  db.exec(`
    CREATE TEMP TABLE newest AS SELECT channel_id, max(seq) AS seq FROM messages GROUP BY channel_id;
    UPDATE streams SET seq = newest.seq FROM newest WHERE newest.channel_id = streams.id;
    UPDATE channels SET last_message_seq = newest.seq, last_message_at = messages.created_at FROM newest
      JOIN messages ON messages.channel_id = newest.channel_id AND messages.seq = newest.seq
      WHERE newest.channel_id = channels.id;
    DROP TABLE newest;`)
}
