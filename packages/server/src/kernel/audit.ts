import { createHash } from 'node:crypto'
import type { Changes, Snapshot } from '../store/engine.ts'
import type { AuditTable } from '../store/machinery.ts'
import { statement } from '../store/statement.ts'

/** What people who run or moderate an installation did, and would be asked about later. */
export type AuditAction =
  | 'key.created'
  | 'key.revoked'
  | 'member.role'
  | 'channel.deleted'
  | 'channel.truncated'
  | 'channel.disabled'
  | 'channel.enabled'
  | 'message.deleted'
  | 'user.deactivated'
  | 'user.reactivated'
  | 'user.tokensRevoked'
  | 'configuration.changed'
  | 'store.backedUp'
  | 'store.restored'

export interface AuditEntry {
  /** `user/<id>`, `server/<key id>`, or `operator` for whoever has the machine. */
  readonly actor: string
  readonly action: AuditAction
  /** What it was done to: ids, never content. */
  readonly target: string
  readonly details?: Readonly<Record<string, string | number | null>>
}

export type AuditRow = Readonly<AuditTable>

const HEAD = 'audit'

const readMeta = statement<{ k: string }>()((db, p) =>
  db.selectFrom('meta').select('v').where('k', '=', p.k),
)
const lockMeta = statement<{ k: string }>()((db, p, dialect) => {
  const query = db.selectFrom('meta').select('v').where('k', '=', p.k)
  return dialect === 'postgres' ? query.forUpdate() : query
})
const begin = statement<{ k: string; v: string }>()((db, p) =>
  db.insertInto('meta').values({ k: p.k, v: p.v }),
)
const move = statement<{ k: string; v: string }>()((db, p) =>
  db.updateTable('meta').set({ v: p.v }).where('k', '=', p.k),
)
const insert = statement<{
  seq: number
  at: number
  actor: string
  action: string
  target: string
  details: string
  previous: string
  hash: string
}>()((db, p) =>
  db.insertInto('audit').values({
    seq: p.seq,
    at: p.at,
    actor: p.actor,
    action: p.action,
    target: p.target,
    details: p.details,
    previous: p.previous,
    hash: p.hash,
  }),
)

/** Over the row and the hash before it: whoever changes or removes one breaks all that follow. */
export const auditHash = (row: Omit<AuditRow, 'hash'>): string =>
  createHash('sha256')
    .update(
      JSON.stringify([
        row.previous,
        row.seq,
        row.at,
        row.actor,
        row.action,
        row.target,
        row.details,
      ]),
    )
    .digest('base64url')

export interface AuditHead {
  readonly seq: number
  readonly hash: string
}

/** Where the log stands; nothing but the log itself may tell otherwise. */
export const readAuditHead = async (db: Snapshot): Promise<AuditHead | null> =>
  headOf(await readMeta.first(db, { k: HEAD }))

const headOf = (row: { readonly v: string } | undefined): AuditHead | null =>
  row ? (JSON.parse(row.v) as AuditHead) : null

/** Appends entries to the log. Its head is locked until the commit, so this is the last thing that a transaction does. */
export async function appendAudit(
  changes: Changes,
  entries: readonly AuditEntry[],
  at: number,
): Promise<void> {
  const known = headOf(await lockMeta.first(changes, { k: HEAD }))
  let { seq, hash } = known ?? { seq: 0, hash: '' }
  for (const { actor, action, target, details = {} } of entries) {
    const row = {
      seq: ++seq,
      at,
      actor,
      action,
      target,
      details: JSON.stringify(details),
      previous: hash,
    }
    hash = auditHash(row)
    insert.put(changes, { ...row, hash })
  }
  const v = JSON.stringify({ seq, hash } satisfies AuditHead)
  if (known) move.put(changes, { k: HEAD, v })
  else begin.put(changes, { k: HEAD, v })
}

const latest = statement<{ limit: number }>()((db, p) =>
  db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(p.limit),
)

/** The newest entries, oldest first. */
export const readAudit = async (db: Snapshot, limit: number): Promise<AuditRow[]> =>
  (await latest.all(db, { limit })).reverse()
