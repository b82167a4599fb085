import type { Migration } from '../store/migrate.ts'

/** A row for those who chose something. What they choose is one text, so that a further choice needs no migration. */
export const privacy: Migration = {
  id: 5,
  name: 'privacy',
  statements: [`CREATE TABLE privacy (uid {id} PRIMARY KEY, choices TEXT NOT NULL) {clustered}`],
}
