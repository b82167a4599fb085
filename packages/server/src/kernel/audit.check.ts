import { statement } from '../store/statement.ts'
import { type AuditHead, type AuditRow, auditHash, readAuditHead } from './audit.ts'
import { type Check, type Finding, type Look, slices } from './checks.ts'

const page = statement<{ seq: number; limit: number }>()((db, p) =>
  db.selectFrom('audit').selectAll().where('seq', '>', p.seq).orderBy('seq').limit(p.limit),
)

/** Nothing of it can be repaired: that is what it is for. */
export const auditCheck: Check = {
  name: 'audit',
  holds: 'The audit log is whole: each entry follows the one before it, up to its head.',
  async *run(look) {
    // Read first: entries that are appended meanwhile lie beyond it.
    const head = await look.engine.read(readAuditHead)
    let last: AuditRow | null = null
    for await (const rows of slices<AuditRow>(look, (db, after, limit) =>
      page.all(db, { seq: after?.seq ?? 0, limit }),
    ))
      for (const row of rows) {
        yield* findingsOf(row, last)
        last = row
      }
    yield* await endOf(look, head)
  },
}

function* findingsOf(row: AuditRow, last: AuditRow | null): Generator<Finding> {
  const where = `audit entry ${row.seq}`
  if (row.seq !== (last?.seq ?? 0) + 1)
    yield {
      where,
      what: `comes after ${last?.seq ?? 'nothing'}: entries are missing`,
      repair: null,
    }
  if (row.previous !== (last?.hash ?? ''))
    yield { where, what: 'does not follow the entry before it', repair: null }
  if (auditHash(row) !== row.hash)
    yield { where, what: 'was changed by something else than this server', repair: null }
}

async function endOf({ engine }: Look, head: AuditHead | null): Promise<Finding[]> {
  if (!head) return []
  const [row] = await engine.read((db) => page.all(db, { seq: head.seq - 1, limit: 1 }))
  if (row?.seq === head.seq && row.hash === head.hash) return []
  return [{ where: 'the audit log', what: `does not reach its head at ${head.seq}`, repair: null }]
}
