import type { ClientBase } from 'pg'
import { DatabaseError } from './databaseError.ts'

const OLDEST = 15

interface Facts {
  readonly version: number
  readonly encoding: string
  readonly folds: boolean
  readonly fsync: string
  readonly synchronous: string
  readonly standby: boolean
}

/** Refuses a database on which a promise could not be kept. */
export async function checkDatabase(client: ClientBase): Promise<void> {
  const { rows } = await client.query<Facts>(
    `SELECT current_setting('server_version_num')::int / 10000 AS version,
       current_setting('server_encoding') AS encoding,
       lower('ÀЖΩ') = 'àжω' AS folds,
       current_setting('fsync') AS fsync,
       current_setting('synchronous_commit') AS synchronous,
       pg_is_in_recovery() AS standby`,
  )
  const fault = rows[0] && faultOf(rows[0])
  if (fault) throw new DatabaseError(fault)
}

function faultOf({ version, encoding, folds, fsync, synchronous, standby }: Facts): string | null {
  if (version < OLDEST)
    return `This is PostgreSQL ${version}. Tertulia is tested from ${OLDEST} on. Upgrade the database server.`
  if (encoding !== 'UTF8' || !folds)
    return (
      `The encoding of the database is ${encoding}, and its locale ${folds ? 'folds' : 'does not fold'} letters beyond ASCII. ` +
      'Messages could not be stored as they are, or not be found again. ' +
      'Make the cluster with: initdb --encoding=UTF8 --locale=C.UTF-8'
    )
  if (fsync !== 'on' || synchronous === 'off')
    return (
      `The database does not flush what it commits: fsync is ${fsync}, synchronous_commit is ${synchronous}. ` +
      'A message that was acknowledged could be lost. Set both to on.'
    )
  if (standby)
    return 'The database is a standby, which takes no writes. Name the primary in TERTULIA_DATABASE_URL.'
  return null
}

/**
 * Which history of which database this is. The cluster has an id, every promotion of a standby begins a new
 * timeline, and a database that was restored beside the old one has another oid.
 */
export async function identityOf(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ identity: string }>(
    `SELECT system_identifier || '/' || substr(pg_walfile_name(pg_current_wal_insert_lsn()), 1, 8) || '/' ||
       (SELECT oid FROM pg_database WHERE datname = current_database()) AS identity
     FROM pg_control_system()`,
  )
  const [row] = rows
  if (!row) throw new DatabaseError('The database does not tell who it is.')
  return row.identity
}
