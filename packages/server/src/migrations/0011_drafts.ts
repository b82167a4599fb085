import type { Migration } from '../store/migrate.ts'

/** Deleted drafts keep an empty row, so that devices that were away hear of it. */
export const drafts: Migration = {
  id: 11,
  name: 'drafts',
  statements: [
    `CREATE TABLE drafts (uid {id} NOT NULL, channel_id {id} NOT NULL, root_id {id} NOT NULL, version {int} NOT NULL,
       updated_at {int} NOT NULL, text TEXT, mentions TEXT NOT NULL, quoted_id {id}, also_in_channel {int} NOT NULL,
       custom TEXT NOT NULL, PRIMARY KEY (uid, channel_id, root_id)) {clustered}`,
    `CREATE INDEX drafts_present ON drafts (uid, version) WHERE text IS NOT NULL`,
    `CREATE INDEX drafts_deleted ON drafts (uid, version) WHERE text IS NULL`,
    `CREATE INDEX drafts_of_channel ON drafts (channel_id, uid)`,
  ],
}
