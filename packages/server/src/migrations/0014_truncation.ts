import type { Migration } from '../store/migrate.ts'

/** No channel was truncated yet. The index holds those alone of which something is still to be thrown away. */
export const truncation: Migration = {
  id: 14,
  name: 'truncation',
  statements: [
    `ALTER TABLE channels ADD COLUMN floor {int} NOT NULL DEFAULT 0`,
    `ALTER TABLE channels ADD COLUMN purged_up_to {int} NOT NULL DEFAULT 0`,
    `ALTER TABLE channels ADD COLUMN purged_ordinal {int} NOT NULL DEFAULT 0`,
    `CREATE INDEX channels_to_purge ON channels (id) WHERE purged_up_to < floor`,
  ],
}
