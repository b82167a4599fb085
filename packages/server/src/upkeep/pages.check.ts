import type { Check } from '../kernel/checks.ts'
import type { Compiled } from '../store/statement.ts'

const INTEGRITY: Compiled = {
  sql: 'SELECT integrity_check AS fault FROM pragma_integrity_check',
  slots: [],
}
const REINDEX: Compiled = { sql: 'REINDEX', slots: [] }

/** An index follows from its table. */
const OF_AN_INDEX = /missing from index|wrong # of entries in index/

/** PostgreSQL looks at its pages itself, where it is told to (`data_checksums`). */
export const pageCheck: Check = {
  name: 'pages',
  holds: 'Every page of the file can be read, and every index fits its table.',
  async *run({ engine, seen }) {
    if (engine.dialect !== 'sqlite') return
    const rows = await engine.read((db) => db.all<{ fault: string }>(INTEGRITY, []))
    seen(rows.length)
    for (const { fault } of rows)
      if (fault !== 'ok')
        yield {
          where: 'the file of the store',
          what: `is damaged: ${fault}`,
          repair: OF_AN_INDEX.test(fault) ? (changes) => changes.put(REINDEX, []) : null,
        }
  },
}
