import { Client } from 'pg'
import { HISTORY_COLUMNS, type StoreLook } from '../store/look.ts'
import type { AppliedMigration } from '../store/migrate.ts'
import { DatabaseError } from './databaseError.ts'
import { connectError, operatorsError, placeOf } from './errors.postgres.ts'

/** A database that does not answer in this time is not there for the person who waits. */
const PATIENCE_MS = 10_000

/** Looks into a database and changes nothing. Refuses one in which something else has tables under our names. */
export async function lookAtDatabase(
  url: string,
  ourTables: readonly string[],
): Promise<StoreLook> {
  const client = new Client({
    connectionString: url,
    application_name: 'tertulia',
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
  })
  client.on('error', () => undefined)
  try {
    await client.connect().catch((error: unknown) => {
      throw connectError(error, placeOf(url))
    })
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    return await lookThrough(client, ourTables)
  } catch (error) {
    throw operatorsError(error, placeOf(url))
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function lookThrough(client: Client, ourTables: readonly string[]): Promise<StoreLook> {
  const there = await tablesIn(client)
  const applied = there.includes('migrations') ? await historyIn(client) : []
  if (applied.length > 0) return { applied, meta: await metaIn(client) }
  const foreign = ourTables.filter((name) => there.includes(name))
  if (foreign.length > 0) throw foreignTables(foreign)
  return { applied, meta: new Map() }
}

async function tablesIn(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    'SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()',
  )
  return rows.map(({ name }) => name)
}

/** Many programs have a table of this name. */
async function historyIn(client: Client): Promise<AppliedMigration[]> {
  const { rows: columns } = await client.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = 'migrations'::regclass AND attnum > 0`,
  )
  if (!HISTORY_COLUMNS.every((column) => columns.some(({ name }) => name === column)))
    throw foreignTables(['migrations'])
  const { rows } = await client.query<{ id: string; name: string; checksum: string }>(
    'SELECT id, name, checksum FROM migrations ORDER BY id',
  )
  return rows.map((row) => ({ ...row, id: Number(row.id) }))
}

async function metaIn(client: Client): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ k: string; v: string }>('SELECT k, v FROM meta')
  return new Map(rows.map(({ k, v }) => [k, v]))
}

const foreignTables = (names: readonly string[]): DatabaseError =>
  new DatabaseError(
    `The database has tables of another program under names that Tertulia needs: ${names.join(', ')}. ` +
      'The two would damage what the other one keeps. ' +
      'Give Tertulia a database of its own: CREATE DATABASE tertulia, and name that one.',
  )
