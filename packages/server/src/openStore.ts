import { mkdirSync } from 'node:fs'
import { systemClock } from './adapters/clock.system.ts'
import { DatabaseError } from './adapters/databaseError.ts'
import { createDatabaseFile, databaseFileIn, openDataFolder } from './adapters/dataFolder.ts'
import { openSqlite } from './adapters/engine.sqlite.ts'
import type { DatabaseLook } from './adapters/look.postgres.ts'
import { migrateSqlite } from './adapters/migrations.sqlite.ts'
import { cryptoRandom } from './adapters/random.crypto.ts'
import { checkStoreFile } from './adapters/storeFile.ts'
import type { Config } from './config.ts'
import { migrations } from './migrations/index.ts'
import type { Log } from './ports/log.ts'
import type { Engine, Snapshot } from './store/engine.ts'
import { halfMoved, MOVING_FROM, refuseMoved } from './store/moving.ts'
import { MOVED } from './upkeep/move/tables.ts'

/** A migrated store that this process may use, and how it shows whether its history was rewritten. */
export interface OpenStore {
  readonly engine: Engine
  /** See `settleEpoch`. */
  readonly markBeside: string | null
  readonly newMark: string
  /** Keeps the mark beside the store, once it is committed in it. */
  keepMark(mark: string): void
  close(): Promise<void>
}

/** The store that the settings name. Rejects with a sentence for the operator when it cannot be used. */
export const openStore = (config: Config, log: Log): Promise<OpenStore> =>
  config.databaseUrl === null
    ? openEmbedded(config.dataDir)
    : openDatabase(config.databaseUrl, config, log)

/** Brings the store to the newest schema. Resolves with the number of migrations that were missing. */
export async function migrateStore({ databaseUrl, dataDir }: Config): Promise<number> {
  if (databaseUrl !== null) {
    await refuseDatabase(databaseUrl)
    return migrateDatabase(databaseUrl)
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  return migrateSqlite(databaseFileIn(dataDir), migrations, systemClock.now())
}

/** For those who looked into the database before. */
export const migrateDatabase = async (url: string): Promise<number> =>
  (await postgres()).migratePostgres(url, migrations, systemClock.now())

/** A migrated store, also while a server runs on it: without the lock of the data folder. */
export async function openEngine(
  { databaseUrl, dataDir, limits }: Config,
  log: Log,
): Promise<Engine> {
  return databaseUrl === null
    ? openSqlite(databaseFileIn(dataDir))
    : (await postgres()).openPostgres({ url: databaseUrl, limits, log })
}

/** The driver comes with the command `tertulia`; a program that embeds the server installs it when it needs it. */
async function postgres() {
  try {
    return await import('./adapters/postgres.ts')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error
    throw new DatabaseError(
      'TERTULIA_DATABASE_URL names a PostgreSQL database, and the package `pg` is not installed. ' +
        'Without it nothing can be read from there. Install it: npm install pg',
      { cause: error },
    )
  }
}

async function openEmbedded(dataDir: string): Promise<OpenStore> {
  const folder = openDataFolder(dataDir)
  try {
    const { databaseFile: file } = folder
    checkStoreFile({ file, wasUsed: folder.readMark() !== null })
    createDatabaseFile(file)
    migrateSqlite(file, migrations, systemClock.now())
    const engine = openSqlite(file)
    await orClose(engine, (db) => refuseMoved(db, dataDir))
    return {
      engine,
      markBeside: folder.readMark(),
      newMark: Buffer.from(cryptoRandom.bytes(16)).toString('hex'),
      keepMark: (mark) => folder.writeMark(mark),
      async close() {
        await engine.close()
        folder.release()
      },
    }
  } catch (error) {
    folder.release()
    throw error
  }
}

/** A store that is refused is let go of again. */
async function orClose(engine: Engine, guard: (db: Snapshot) => Promise<void>): Promise<void> {
  try {
    await engine.read(guard)
  } catch (error) {
    await engine.close()
    throw error
  }
}

/** Before its schema is touched: a half-moved store belongs to the move. */
async function refuseDatabase(url: string): Promise<void> {
  const { meta } = await lookAt(url)
  if (meta.has(MOVING_FROM)) throw halfMoved()
}

/** What a database holds. Refuses one that something else has made its tables in. */
export const lookAt = async (url: string): Promise<DatabaseLook> =>
  (await postgres()).lookAtDatabase(url, ['meta', ...MOVED.map(({ name }) => name)])

/** Nothing lies beside a database: it tells by itself which history it has. */
async function openDatabase(url: string, { limits }: Config, log: Log): Promise<OpenStore> {
  await refuseDatabase(url)
  await migrateDatabase(url)
  const engine = await (await postgres()).openPostgres({ url, limits, log })
  return {
    engine,
    markBeside: engine.identity,
    newMark: engine.identity,
    keepMark: () => undefined,
    close: () => engine.close(),
  }
}
