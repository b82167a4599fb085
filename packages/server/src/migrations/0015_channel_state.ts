import type { Migration } from '../store/migrate.ts'

/** All channels that are there already are open. */
export const channelState: Migration = {
  id: 15,
  name: 'channel_state',
  statements: [`ALTER TABLE channels ADD COLUMN state TEXT NOT NULL DEFAULT 'open'`],
}
