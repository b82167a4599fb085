import type { Limits } from '@tertulia/protocol'
import { type ClientBase, Pool, type PoolClient } from 'pg'
import type { Log } from '../ports/log.ts'
import { type Engine, StoreBrokenError } from '../store/engine.ts'
import { checkDatabase, identityOf } from './check.postgres.ts'
import { Columns } from './columns.postgres.ts'
import { named, spoilsConnection } from './errors.postgres.ts'
import { PostgresChanges, PostgresSnapshot, Shapes } from './session.postgres.ts'

export interface PostgresOptions {
  /** `postgres://user:password@host/database`, with what the driver knows besides. */
  readonly url: string
  readonly limits: Limits
  readonly log: Log
}

export interface PostgresEngine extends Engine {
  /** Names the history of the database: another one after a restore or a switch-over. */
  readonly identity: string
}

/**
 * A migrated PostgreSQL database. Each write has a connection and a transaction of its own; a read is one snapshot.
 * A connection that fails, or that leads to a server without writes, is thrown away.
 */
export async function openPostgres({ url, limits, log }: PostgresOptions): Promise<PostgresEngine> {
  const pool = poolOf(url, limits, log)
  try {
    const first = await pool.connect()
    try {
      await checkDatabase(first)
      const identity = await identityOf(first)
      pool.options.onConnect = (client) => refuseOther(client, identity)
      const shapes = new Shapes(await Columns.of(first))
      return engineOn(pool, shapes, identity)
    } finally {
      first.release()
    }
  } catch (error) {
    await pool.end()
    throw named(error)
  }
}

/** For the way to the database and back. */
const NETWORK_MS = 1000

function poolOf(url: string, limits: Limits, log: Log): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: 'tertulia',
    max: limits.storeConnections,
    connectionTimeoutMillis: limits.storeConnectMs,
    statement_timeout: limits.storeStatementMs,
    // The database ends a slow statement itself; this is for one that does not answer at all.
    query_timeout: limits.storeStatementMs + NETWORK_MS,
    lock_timeout: limits.storeLockMs,
    idle_in_transaction_session_timeout: limits.storeStatementMs,
    keepAlive: true,
    pipeline: true,
  })
  const lost = (error: Error) => log.warn({ err: error }, 'a connection to the database was lost')
  pool.on('error', lost)
  // While it is lent out nobody else listens, and an error event without a listener ends the process.
  pool.on('connect', (client) => client.on('error', lost))
  return pool
}

/** After a switch-over the newest part of the history may be gone: the process must start anew, in a new epoch. */
async function refuseOther(client: ClientBase, identity: string): Promise<void> {
  const found = await identityOf(client)
  if (found !== identity)
    throw new StoreBrokenError(
      `The database is not the one it was: its history was ${identity} and is ${found}. ` +
        'What clients know of it may not be so any more. Start the server again: it begins a new epoch.',
    )
}

function engineOn(pool: Pool, shapes: Shapes, identity: string): PostgresEngine {
  return {
    dialect: 'postgres',
    serial: false,
    identity,
    write: (job) => borrow(pool, (client) => writeOn(client, shapes, job)),
    read: (job) => borrow(pool, (client) => readOn(client, shapes, job)),
    close: () => pool.end(),
  }
}

/** Lends a connection for one transaction, and takes it back or throws it away. */
async function borrow<T>(pool: Pool, use: (client: PoolClient) => Promise<T>): Promise<T> {
  let client: PoolClient | null = null
  let spoilt = false
  try {
    client = await pool.connect()
    return await use(client)
  } catch (error) {
    spoilt = spoilsConnection(error)
    throw named(error)
  } finally {
    client?.release(spoilt)
  }
}

async function writeOn<T>(
  client: PoolClient,
  shapes: Shapes,
  job: (changes: PostgresChanges) => Promise<T>,
): Promise<T> {
  const changes = new PostgresChanges(client, shapes)
  const begun = control(client, 'BEGIN')
  try {
    const result = await job(changes)
    changes.finish()
    // Sent together: when a statement before it failed, PostgreSQL makes a rollback of the commit.
    const committed = control(client, 'COMMIT')
    await begun
    await changes.settled()
    await committed
    return result
  } catch (error) {
    // A connection that is of no use is thrown away, and with it what was begun.
    if (!spoilsConnection(error)) await control(client, 'ROLLBACK').catch(() => undefined)
    throw error
  }
}

async function readOn<T>(
  client: PoolClient,
  shapes: Shapes,
  job: (snapshot: PostgresSnapshot) => Promise<T>,
): Promise<T> {
  const begun = control(client, 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    const result = await job(new PostgresSnapshot(client, shapes))
    await begun
    return result
  } finally {
    // Nobody waits for the end of a snapshot; the next transaction of the connection is sent behind it.
    void control(client, 'COMMIT').catch(() => undefined)
  }
}

/** Whoever does not await it hears of its failure by the next statement. */
function control(client: PoolClient, command: string): Promise<unknown> {
  const answered = client.query(command)
  answered.catch(() => undefined)
  return answered
}
