import type { Migration } from '../store/migrate.ts'

/** Nothing of before was silent, and no server told anything in a message. */
export const systemMessages: Migration = {
  id: 9,
  name: 'system_messages',
  statements: [
    `ALTER TABLE messages ADD COLUMN system TEXT`,
    `ALTER TABLE messages ADD COLUMN silent {int} NOT NULL DEFAULT 0`,
  ],
}
