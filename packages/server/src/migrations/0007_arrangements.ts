import type { Migration } from '../store/migrate.ts'

/** What users choose about their channels lies beside how far they read them: nobody has chosen anything yet. */
export const arrangements: Migration = {
  id: 7,
  name: 'arrangements',
  statements: [
    `ALTER TABLE memberships ADD COLUMN muted_until {int}`,
    `ALTER TABLE memberships ADD COLUMN pinned_at {int}`,
    `ALTER TABLE memberships ADD COLUMN hidden_up_to {int}`,
    `ALTER TABLE memberships ADD COLUMN archived_at {int}`,
  ],
}
