import type { Migration } from '../store/migrate.ts'

/** Who blocks whom, the newest first, and at which seq of the own stream somebody's list changed last. */
export const blocks: Migration = {
  id: 12,
  name: 'blocks',
  statements: [
    `CREATE TABLE blocks (uid {id} NOT NULL, blocked_uid {id} NOT NULL, mode TEXT NOT NULL, blocked_at {int} NOT NULL,
       PRIMARY KEY (uid, blocked_uid)) {clustered}`,
    `CREATE INDEX blocks_by_time ON blocks (uid, blocked_at, blocked_uid)`,
    `CREATE TABLE block_lists (uid {id} PRIMARY KEY, version {int} NOT NULL) {clustered}`,
  ],
}
