import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import {
  type AppliedMigration,
  type Migration,
  missingMigrations,
  recordOf,
  statementsOf,
} from '../store/migrate.ts'
import { DatabaseError } from './databaseError.ts'
import { operatorsError, placeOf } from './errors.postgres.ts'

/** Any number will do, as long as it stays the same: it keeps two migrators apart. */
const LOCK = 7_466_387
const TRIES = 60
const PAUSE_MS = 500
/** A migration that waits for a lock stops everybody who comes after it, so it soon makes way and tries again. */
const LOCK_TIMEOUT_MS = 2000
const LOCK_TRIES = 10
const LOCK_NOT_AVAILABLE = '55P03'

/** Migrates a database. Two processes at once: one works, the other waits and finds nothing to do. */
export async function migratePostgres(
  url: string,
  migrations: readonly Migration[],
  at: number,
): Promise<number> {
  const client = new Client({ connectionString: url, application_name: 'tertulia migrate' })
  client.on('error', () => undefined)
  try {
    await client.connect()
    await takeLock(client)
    await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`)
    await client.query(
      `CREATE TABLE IF NOT EXISTS migrations (id BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
         applied_at BIGINT NOT NULL)`,
    )
    const missing = missingMigrations(await appliedIn(client), migrations)
    for (const migration of missing) await applyPatiently(client, migration, at)
    return missing.length
  } catch (error) {
    throw operatorsError(error, placeOf(url))
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A lock of the session, which ends with it. It is tried and not waited for, so that nothing queues up behind us. */
async function takeLock(client: Client): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const { rows } = await client.query<{ taken: boolean }>(
      'SELECT pg_try_advisory_lock($1) AS taken',
      [LOCK],
    )
    if (rows[0]?.taken) return
    await sleep(PAUSE_MS)
  }
  throw new DatabaseError(
    'Another process has been migrating this database for half a minute. ' +
      'Two at once could damage it. Wait until it is done, and start again.',
  )
}

async function appliedIn(client: Client): Promise<AppliedMigration[]> {
  const { rows } = await client.query<{ id: string; name: string; checksum: string }>(
    'SELECT id, name, checksum FROM migrations ORDER BY id',
  )
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

async function applyPatiently(client: Client, migration: Migration, at: number): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await apply(client, migration, at)
    } catch (error) {
      if ((error as { code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error
      if (attempt === LOCK_TRIES) throw tableInUse(migration, error)
      await sleep(PAUSE_MS)
    }
  }
}

const tableInUse = ({ name }: Migration, cause: unknown): DatabaseError =>
  new DatabaseError(
    `The migration "${name}" found a table in use ${LOCK_TRIES} times, each for ${LOCK_TIMEOUT_MS / 1000} s. ` +
      'To wait longer would stop everybody who uses the database; nothing of it was done. ' +
      'End the long transactions (pg_stat_activity shows them), and start again.',
    { cause },
  )

/** Each migration is a transaction of its own: what is done stays done. */
async function apply(client: Client, migration: Migration, at: number): Promise<void> {
  const { id, name, checksum } = recordOf(migration)
  await client.query('BEGIN')
  try {
    for (const sql of statementsOf(migration, 'postgres')) await client.query(sql)
    await client.query(
      'INSERT INTO migrations (id, name, checksum, applied_at) VALUES ($1, $2, $3, $4)',
      [id, name, checksum, at],
    )
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined)
    throw error
  }
}
