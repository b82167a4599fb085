import type { Migration } from '../store/migrate.ts'

/** Few rows for each channel, so their key is all the index they need. */
export const pins: Migration = {
  id: 13,
  name: 'pins',
  statements: [
    `ALTER TABLE channels ADD COLUMN pins_version {int} NOT NULL DEFAULT 0`,
    `CREATE TABLE pins (channel_id {id} NOT NULL, message_seq {int} NOT NULL, pinned_at {int} NOT NULL,
       pinned_by TEXT, version {int} NOT NULL, PRIMARY KEY (channel_id, message_seq)) {clustered}`,
  ],
}
