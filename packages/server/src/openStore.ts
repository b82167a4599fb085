import { systemClock } from './adapters/clock.system.ts'
import { DatabaseError } from './adapters/databaseError.ts'
import {
  createDatabaseFile,
  databaseFileIn,
  makeFolder,
  openDataFolder,
} from './adapters/dataFolder.ts'
import { openSqlite } from './adapters/engine.sqlite.ts'
import { migrateSqlite } from './adapters/migrations.sqlite.ts'
import { cryptoRandom } from './adapters/random.crypto.ts'
import { fileIdentity, lookIntoFolder } from './adapters/storeFile.ts'
import type { Config } from './config.ts'
import { migrations } from './migrations/index.ts'
import type { Log } from './ports/log.ts'
import type { Engine } from './store/engine.ts'
import type { StoreLook } from './store/look.ts'
import { refuseHalfMoved, refuseMoved } from './store/moving.ts'
import { refuseUnusable } from './storeGuard.ts'
import { MOVED } from './upkeep/move/tables.ts'

/** A migrated store that this process may use, and how it shows whether its history was rewritten. */
export interface OpenStore {
  readonly engine: Engine
  /** See `settleEpoch`. */
  readonly markBeside: string | null
  readonly newMark: string
  /** Keeps the mark beside the store, once it is committed in it. */
  keepMark(mark: string): void
  /** False when the file that was opened is not the one that is there now: nobody else will see what is written. */
  isInPlace(): boolean
  close(): Promise<void>
}

/** The store that the settings name. Rejects with a sentence for the operator when it cannot be used. */
export const openStore = (config: Config, log: Log): Promise<OpenStore> =>
  config.databaseUrl === null
    ? openEmbedded(config.dataDir)
    : openDatabase(config.databaseUrl, config, log)

/** Brings the store to the newest schema, and makes one where there is none. Resolves with how many migrations it took. */
export async function migrateStore(config: Config): Promise<number> {
  const { databaseUrl, dataDir } = config
  const { meta } = await lookAtStore(config)
  refuseMoved(meta, dataDir)
  if (databaseUrl !== null) return migrateDatabase(databaseUrl)
  makeFolder(dataDir)
  return migrateSqlite(databaseFileIn(dataDir), migrations, systemClock.now())
}

/** For those who looked into the database before. */
export const migrateDatabase = async (url: string): Promise<number> =>
  (await postgres()).migratePostgres(url, migrations, systemClock.now())

/**
 * The store as it is, also while a server runs on it: without the lock of the data folder. Nothing is made or migrated
 * here, because a slip in a path or a lost file must not end in a new store in which all is well.
 */
export async function openExisting(config: Config, log: Log): Promise<Engine> {
  refuseUnusable(await lookAtStore(config), config)
  return openEngine(config, log)
}

export async function openEngine(
  { databaseUrl, dataDir, limits }: Config,
  log: Log,
): Promise<Engine> {
  return databaseUrl === null
    ? openSqlite(databaseFileIn(dataDir))
    : (await postgres()).openPostgres({ url: databaseUrl, limits, log })
}

/** What the store that the settings name holds. Refuses what is no store, or only a part of one. */
export async function lookAtStore({ databaseUrl, dataDir }: Config): Promise<StoreLook> {
  if (databaseUrl === null) return lookIntoFolder(dataDir)
  const look = await lookAtDatabase(databaseUrl)
  refuseHalfMoved(look.meta)
  return look
}

/** Refuses one in which something else has its tables. */
export const lookAtDatabase = async (url: string): Promise<StoreLook> =>
  (await postgres()).lookAtDatabase(url, ['meta', ...MOVED.map(({ name }) => name)])

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
    refuseMoved(lookIntoFolder(dataDir).meta, dataDir)
    createDatabaseFile(file)
    migrateSqlite(file, migrations, systemClock.now())
    const engine = openSqlite(file)
    const opened = fileIdentity(file)
    return {
      engine,
      isInPlace: () => fileIdentity(file) === opened,
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

/** Nothing lies beside a database: it tells by itself which history it has. */
async function openDatabase(url: string, { limits }: Config, log: Log): Promise<OpenStore> {
  refuseHalfMoved((await lookAtDatabase(url)).meta)
  await migrateDatabase(url)
  const engine = await (await postgres()).openPostgres({ url, limits, log })
  return {
    engine,
    isInPlace: () => true,
    markBeside: engine.identity,
    newMark: engine.identity,
    keepMark: () => undefined,
    close: () => engine.close(),
  }
}
