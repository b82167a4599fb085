import { systemClock } from './adapters/clock.system.ts'
import { createPinoLog } from './adapters/log.pino.ts'
import type { Config } from './config.ts'
import { checks as featureChecks } from './features/index.ts'
import { auditCheck } from './kernel/audit.check.ts'
import { type AuditEntry, type AuditRow, appendAudit, readAudit } from './kernel/audit.ts'
import { outboxCheck } from './kernel/outbox.check.ts'
import { lookAtStore, migrateStore, openExisting } from './openStore.ts'
import { refuseUnusable } from './storeGuard.ts'
import { type BackupOptions, backUp as backUpStore } from './upkeep/backup.ts'
import { type CheckOptions, checkStore } from './upkeep/checkStore.ts'
import { pageCheck } from './upkeep/pages.check.ts'
import { type RestoreOptions, restore as restoreStore } from './upkeep/restore.ts'

const checks = [...featureChecks, outboxCheck, auditCheck]

/** The store of an installation, for those who look after it. A server may be running on it. */
export interface OpenUpkeep {
  /** Resolves with the number of faults that are left. */
  check(options: Omit<CheckOptions, 'engine' | 'checks'>): Promise<number>
  /** The newest entries of the audit log, oldest first. */
  audit(limit: number): Promise<readonly AuditRow[]>
  /** Notes what an operator did to the store. */
  note(entry: Omit<AuditEntry, 'actor'>): Promise<void>
  close(): Promise<void>
}

/** Rejects where there is no store of this version. */
export async function openUpkeep(config: Config): Promise<OpenUpkeep> {
  const engine = await openExisting(config, createPinoLog(config.logLevel))
  return {
    check: (options) => checkStore({ ...options, engine, checks: [pageCheck, ...checks] }),
    audit: (limit) => engine.read((db) => readAudit(db, limit)),
    note: (entry) =>
      engine.write((changes) =>
        appendAudit(changes, [{ actor: 'operator', ...entry }], systemClock.now()),
      ),
    close: () => engine.close(),
  }
}

/** Brings the store to the newest schema, and makes it where there is none. Resolves with how many migrations it took. */
export const migrateOnly = (config: Config): Promise<number> => migrateStore(config)

/** See `BackupOptions`. Copies nothing that `start` would refuse. */
export async function backUp({
  config,
  ...options
}: Omit<BackupOptions, 'checks' | 'dataDir'> & { readonly config: Config }): Promise<void> {
  refuseUnusable(await lookAtStore(config), config)
  await backUpStore({ ...options, dataDir: config.dataDir, checks })
}

/** See `RestoreOptions`. Resolves with the place of the store that was there, or null. */
export const restore = (options: Omit<RestoreOptions, 'checks'>): Promise<string | null> =>
  restoreStore({ ...options, checks })
