import type { Migration } from '../store/migrate.ts'

/** No channel that is there already becomes slow. Who sent in a slow one has a row until it does not count any more. */
export const slowMode: Migration = {
  id: 8,
  name: 'slow_mode',
  statements: [
    `ALTER TABLE channels ADD COLUMN slow_seconds {int}`,
    `ALTER TABLE channels ADD COLUMN slow_burst {int}`,
    `CREATE TABLE slow_sends (channel_id {id} NOT NULL, uid {id} NOT NULL, sent_at {int} NOT NULL,
       free_at {int} NOT NULL, PRIMARY KEY (channel_id, uid)) {clustered}`,
    `CREATE INDEX slow_sends_past ON slow_sends (free_at)`,
  ],
}
