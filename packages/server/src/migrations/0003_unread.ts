import type { Migration } from '../store/migrate.ts'

/** Whoever was there before begins with everything read: nobody wakes up to thousands of unread messages. */
export const unread: Migration = {
  id: 3,
  name: 'unread',
  statements: [
    `ALTER TABLE memberships ADD COLUMN read_seq {int} NOT NULL DEFAULT 0`,
    `ALTER TABLE memberships ADD COLUMN unread_from {int}`,
    `UPDATE memberships SET read_seq = coalesce((SELECT seq FROM streams WHERE id = channel_id), 0)`,

    `ALTER TABLE messages ADD COLUMN to_read {int} NOT NULL DEFAULT 1`,

    `ALTER TABLE channels ADD COLUMN ordinal {int} NOT NULL DEFAULT 0`,
    `UPDATE channels SET ordinal = (SELECT count(*) FROM messages WHERE messages.channel_id = channels.id)`,

    `CREATE TABLE mentions (uid {id} NOT NULL, channel_id {id} NOT NULL, message_seq {int} NOT NULL,
       PRIMARY KEY (uid, channel_id, message_seq)) {clustered}`,
    `CREATE INDEX mentions_by_message ON mentions (channel_id, message_seq)`,
    `CREATE TABLE channel_mentions (channel_id {id} NOT NULL, message_seq {int} NOT NULL, author_uid {id},
       PRIMARY KEY (channel_id, message_seq)) {clustered}`,

    `CREATE TABLE receipts (channel_id {id} NOT NULL, uid {id} NOT NULL, delivered_seq {int} NOT NULL,
       read_seq {int} NOT NULL, PRIMARY KEY (channel_id, uid)) {clustered}`,
    { postgres: `ALTER TABLE receipts SET (fillfactor = 50)` },
  ],
}
