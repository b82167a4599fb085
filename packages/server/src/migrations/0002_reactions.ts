import type { Migration } from '../store/migrate.ts'
import { parts } from './parts.ts'

/** The counts stand beside the messages: a reaction must not rewrite a text of 20 KiB. */
export const reactions: Migration = {
  id: 2,
  name: 'reactions',
  statements: [
    `CREATE TABLE reactions (channel_id {id} NOT NULL, message_seq {int} NOT NULL, emoji {key} NOT NULL, uid {id} NOT NULL,
       score {int} NOT NULL, at {int} NOT NULL, PRIMARY KEY (channel_id, message_seq, emoji, uid)) {byChannel}`,
    ...parts('reactions'),
    `CREATE INDEX reactions_own ON reactions (channel_id, uid, message_seq)`,

    `CREATE TABLE reaction_counts (channel_id {id} NOT NULL, message_seq {int} NOT NULL, version {int} NOT NULL,
       counts TEXT NOT NULL, dropped_at {int}, PRIMARY KEY (channel_id, message_seq)) {byChannel}`,
    ...parts('reaction_counts', { fillfactor: 50 }),
    `CREATE INDEX reaction_counts_changes ON reaction_counts (channel_id, version)`,
    `CREATE INDEX reaction_counts_dropped ON reaction_counts (dropped_at) WHERE dropped_at IS NOT NULL`,
  ],
}
