import type { Migration } from '../store/migrate.ts'

/** How people want to be seen, what of it others see, and when they were last active: a row for those who were. */
export const presence: Migration = {
  id: 6,
  name: 'presence',
  statements: [
    `CREATE TABLE presence (uid {id} PRIMARY KEY, choice TEXT NOT NULL, status_text TEXT, status_until {int},
       shown_text TEXT, shown_until {int}, last_active_at {int}) {clustered}`,
    { postgres: 'ALTER TABLE presence SET (fillfactor = 50)' },
  ],
}
