import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { systemClock } from './adapters/clock.system.ts'
import { databaseFileIn } from './adapters/dataFolder.ts'
import { createPinoLog } from './adapters/log.pino.ts'
import type { Config } from './config.ts'
import { checks as featureChecks } from './features/index.ts'
import { auditCheck } from './kernel/audit.check.ts'
import { type AuditEntry, type AuditRow, appendAudit, readAudit } from './kernel/audit.ts'
import { outboxCheck } from './kernel/outbox.check.ts'
import { migrateStore, openEngine } from './openStore.ts'
import { BackupError, type BackupOptions, backUp as backUpStore } from './upkeep/backup.ts'
import { type CheckOptions, checkStore } from './upkeep/checkStore.ts'
import { type RestoreOptions, restore as restoreStore } from './upkeep/restore.ts'

const checks = [...featureChecks, outboxCheck, auditCheck]

/** The store of an installation, for those who look after it. A server may be running on it. */
export interface OpenUpkeep {
  /** How many migrations were missing, and are done now. */
  readonly migrated: number
  /** Resolves with the number of faults that are left. */
  check(options: Omit<CheckOptions, 'engine' | 'checks'>): Promise<number>
  /** The newest entries of the audit log, oldest first. */
  audit(limit: number): Promise<readonly AuditRow[]>
  /** Notes what an operator did to the store. */
  note(entry: Omit<AuditEntry, 'actor'>): Promise<void>
  close(): Promise<void>
}

/** Rejects where there is no store: a slip in a path must not look like a store in which all is well. */
export async function openUpkeep(config: Config): Promise<OpenUpkeep> {
  if (config.databaseUrl === null && !existsSync(databaseFileIn(config.dataDir)))
    throw new BackupError(
      `There is no store in ${resolve(config.dataDir)}. Name its folder in TERTULIA_DATA_DIR.`,
    )
  const migrated = await migrateStore(config)
  const engine = await openEngine(config, createPinoLog(config.logLevel))
  return {
    migrated,
    check: (options) => checkStore({ ...options, engine, checks }),
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

/** See `BackupOptions`. */
export const backUp = (options: Omit<BackupOptions, 'checks'>): Promise<void> =>
  backUpStore({ ...options, checks })

/** See `RestoreOptions`. Resolves with the place of the store that was there, or null. */
export const restore = (options: Omit<RestoreOptions, 'checks'>): Promise<string | null> =>
  restoreStore({ ...options, checks })
