import { type ApiKeyRecord, type AuditRow, type Config, openUpkeep } from '@tertulia/server'
import { dayOf } from '../moments.ts'
import { shown } from '../shown.ts'
import type { World } from '../world.ts'
import type { Advice } from './advice.ts'

const DAY_MS = 86_400_000
const OLDEST_BACKUP_DAYS = 7
const LATEST_ENTRIES = 10_000

/** What the store tells of itself. One that cannot be opened is an advice too; one that was never made is not. */
export async function storeAdvice(config: Config, world: World): Promise<Advice[]> {
  try {
    return await adviceOf(config, world)
  } catch (error) {
    return error instanceof Error && error.name === 'NoStoreError' ? [] : [cannotOpen(error)]
  }
}

async function adviceOf(config: Config, world: World): Promise<Advice[]> {
  const upkeep = await openUpkeep(config)
  try {
    const log = await upkeep.audit(LATEST_ENTRIES)
    return [
      ...backupAdvice(config, log, world.now()),
      ...keyAdvice(await keysOf(await world.openKeys(config)), world.now()),
    ]
  } finally {
    await upkeep.close()
  }
}

const cannotOpen = (error: unknown): Advice => ({
  what: 'the store cannot be opened',
  why: error instanceof Error ? error.message : String(error),
  fix: 'mend what it says, then run this again',
})

function backupAdvice({ databaseUrl }: Config, log: readonly AuditRow[], now: number): Advice[] {
  // A database has backups of its own, which nobody tells us about.
  if (databaseUrl !== null) return []
  const last = log.findLast(({ action }) => action === 'store.backedUp')
  if (last && now - last.at < OLDEST_BACKUP_DAYS * DAY_MS) return []
  return [
    {
      what: last ? `the last backup is of ${dayOf(last.at)}` : 'there is no backup of this store',
      why: 'a broken disk would take everything since then',
      fix: 'tertulia backup backups/today.db, every day',
    },
  ]
}

async function keysOf(open: Awaited<ReturnType<World['openKeys']>>) {
  try {
    return await open.apiKeys.list()
  } finally {
    await open.close()
  }
}

const UNUSED_DAYS = 90

/** A key that nobody uses is a door that nobody watches. */
const keyAdvice = (keys: readonly ApiKeyRecord[], now: number): Advice[] =>
  keys
    .filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt ?? now + 1) > now)
    .filter(({ lastUsedAt, createdAt }) => now - (lastUsedAt ?? createdAt) > UNUSED_DAYS * DAY_MS)
    .map(({ id, name }) => ({
      what: `the key ${shown(name)} (${id}) was not used for ${UNUSED_DAYS} days`,
      why: 'whoever finds it may do everything that it may',
      fix: `tertulia keys revoke ${id}`,
    }))
