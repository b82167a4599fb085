import type { DatabaseSync, StatementSync } from 'node:sqlite'
import {
  type Changes,
  type Engine,
  type Snapshot,
  StoreFullError,
  type Value,
} from '../store/engine.ts'
import { toNumber } from '../store/numbers.ts'
import { type Compiled, DIALECT } from '../store/statement.ts'
import { named, operatorsError } from './errors.sqlite.ts'
import { openForWriting } from './open.sqlite.ts'

/**
 * SQLite on the main thread behind the asynchronous interface. One connection writes and belongs to the write
 * queue alone; another one reads, one snapshot at a time. Both run to their end within microtasks, so that nobody
 * reads inside an open transaction.
 */
export function openSqlite(file: string): Engine {
  const writer = open(file)
  const reader = open(file)
  reader.exec('PRAGMA query_only = ON')
  const changes = new SqliteChanges(writer)
  const snapshot = new SqliteSnapshot(reader)
  const writes = oneAtATime()
  const reads = oneAtATime()
  return {
    dialect: 'sqlite',
    serial: true,
    write: (job) =>
      writes(() => transaction({ db: writer, file, begin: 'BEGIN IMMEDIATE' }, () => job(changes))),
    read: (job) =>
      reads(() => transaction({ db: reader, file, begin: 'BEGIN' }, () => job(snapshot))),
    close: async () => {
      await writes(async () => tidy(writer, file))
      reader.close()
      writer.close()
    },
  }
}

/** Comfort: what a full disk leaves in the log is read from there at the next start. */
function tidy(writer: DatabaseSync, file: string): void {
  try {
    writer.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (!(named(error, file) instanceof StoreFullError)) throw error
  }
}

const BUSY_MS = 5_000

const PRAGMAS =
  'PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000'

function open(file: string): DatabaseSync {
  try {
    const db = openForWriting(file, BUSY_MS)
    db.exec(PRAGMAS)
    return db
  } catch (error) {
    throw operatorsError(error, file)
  }
}

interface Opening {
  readonly db: DatabaseSync
  readonly file: string
  readonly begin: string
}

async function transaction<T>({ db, file, begin }: Opening, job: () => Promise<T>): Promise<T> {
  let result: T
  try {
    db.exec(begin)
    result = await job()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw named(error, file)
  }
  return result
}

/** A queue without timers: each job starts in the microtask in which the one before it ended. */
function oneAtATime(): <T>(job: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (job) => {
    const mine = last.then(job)
    last = mine.catch(() => undefined)
    return mine
  }
}

type Read = (raw: unknown) => unknown

interface Prepared {
  readonly statement: StatementSync
  /** Names and readers of the result columns; filled at the first read. */
  columns: readonly { readonly name: string; readonly read: Read }[] | null
}

class SqliteSnapshot implements Snapshot {
  readonly [DIALECT] = 'sqlite'
  readonly #db: DatabaseSync
  readonly #prepared = new Map<Compiled, Prepared>()

  constructor(db: DatabaseSync) {
    this.#db = db
  }

  async all<Row>(query: Compiled, values: readonly Value[]): Promise<Row[]> {
    const prepared = this.prepare(query)
    const rows = prepared.statement.all(...values) as unknown as unknown[][]
    if (rows.length === 0) return []
    prepared.columns ??= readersOf(prepared.statement)
    const { columns } = prepared
    return rows.map((raw) => {
      const row: Record<string, unknown> = {}
      for (let i = 0; i < columns.length; i++) {
        const column = columns[i]
        if (column) row[column.name] = column.read(raw[i])
      }
      return row as Row
    })
  }

  protected prepare(query: Compiled): Prepared {
    const known = this.#prepared.get(query)
    if (known) return known
    const statement = this.#db.prepare(query.sql)
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    const prepared: Prepared = { statement, columns: null }
    this.#prepared.set(query, prepared)
    return prepared
  }
}

class SqliteChanges extends SqliteSnapshot implements Changes {
  async run(query: Compiled, values: readonly Value[]): Promise<number> {
    return Number(this.prepare(query).statement.run(...values).changes)
  }

  put(query: Compiled, values: readonly Value[]): void {
    this.prepare(query).statement.run(...values)
  }
}

const asId: Read = (raw) => (typeof raw === 'bigint' ? String(raw) : raw)
const asNumber: Read = (raw) => (typeof raw === 'bigint' ? toNumber(raw) : raw)

/** Columns declared BIGINT hold ids and become strings; all other integers become JS numbers. */
const readersOf = (statement: StatementSync) =>
  statement.columns().map(({ name, type }) => ({ name, read: type === 'BIGINT' ? asId : asNumber }))
