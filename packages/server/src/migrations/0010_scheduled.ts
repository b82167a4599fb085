import type { Migration } from '../store/migrate.ts'

/** What is sent later: found by its author, and by its time. */
export const scheduled: Migration = {
  id: 10,
  name: 'scheduled',
  statements: [
    `CREATE TABLE scheduled (uid {id} NOT NULL, channel_id {id} NOT NULL, client_id {key} NOT NULL, version {int} NOT NULL,
       send_at {int} NOT NULL, try_at {int} NOT NULL, text TEXT NOT NULL, mentions TEXT NOT NULL, quoted_id {id}, thread_root_id {id},
       also_in_channel {int} NOT NULL, silent {int} NOT NULL, custom TEXT NOT NULL, created_at {int} NOT NULL, failed_code TEXT, failed_details TEXT, failed_at {int},
       PRIMARY KEY (uid, channel_id, client_id)) {clustered}`,
    `CREATE INDEX scheduled_due ON scheduled (try_at, send_at, client_id) WHERE failed_at IS NULL`,
    `CREATE INDEX scheduled_failed ON scheduled (failed_at) WHERE failed_at IS NOT NULL`,
  ],
}
