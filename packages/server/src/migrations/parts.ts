import type { MigrationStatement } from '../store/migrate.ts'

const PARTS = 16

/**
 * The parts of a table that is divided by channel, where the engine can. `fillfactor`: percent of a page that are
 * filled at first; the rest is room beside rows that change all the time, so that the new one fits into the same page.
 */
export const parts = (
  table: string,
  { fillfactor }: { readonly fillfactor?: number } = {},
): readonly MigrationStatement[] =>
  Array.from({ length: PARTS }, (_, part) => ({
    postgres:
      `CREATE TABLE ${table}_${part} PARTITION OF ${table} FOR VALUES WITH (MODULUS ${PARTS}, REMAINDER ${part})` +
      (fillfactor === undefined ? '' : ` WITH (fillfactor = ${fillfactor})`),
  }))
