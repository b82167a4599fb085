import type { Migration } from '../store/migrate.ts'

/** The index of what stands in the channel also holds what it takes to count what is left to read. */
export const threads: Migration = {
  id: 4,
  name: 'threads',
  statements: [
    `ALTER TABLE messages ADD COLUMN thread_root_seq {int}`,
    `ALTER TABLE messages ADD COLUMN thread_root_id {id}`,
    `ALTER TABLE messages ADD COLUMN in_channel {int} NOT NULL DEFAULT 1`,
    `CREATE INDEX messages_in_channel ON messages (channel_id, seq, to_read, deleted_at, author_uid)
       WHERE in_channel = 1`,
    `CREATE INDEX messages_in_thread ON messages (channel_id, thread_root_seq, seq) WHERE thread_root_seq IS NOT NULL`,

    `CREATE TABLE threads (channel_id {id} NOT NULL, root_seq {int} NOT NULL, root_id {id} NOT NULL,
       replies {int} NOT NULL, last_reply_seq {int} NOT NULL, last_reply_at {int}, faces TEXT NOT NULL,
       version {int} NOT NULL, PRIMARY KEY (channel_id, root_seq)) {clustered}`,
    `CREATE INDEX threads_changes ON threads (channel_id, version)`,
    { postgres: `ALTER TABLE threads SET (fillfactor = 50)` },

    `CREATE TABLE thread_members (uid {id} NOT NULL, channel_id {id} NOT NULL, root_seq {int} NOT NULL,
       following {int} NOT NULL, read_seq {int} NOT NULL, PRIMARY KEY (uid, channel_id, root_seq)) {clustered}`,
    `CREATE INDEX thread_members_by_channel ON thread_members (channel_id, root_seq)`,
  ],
}
