import { openDataFolder } from './adapters/dataFolder.ts'
import { placeOf } from './adapters/errors.postgres.ts'
import { createPinoLog } from './adapters/log.pino.ts'
import { cryptoRandom } from './adapters/random.crypto.ts'
import type { Config } from './config.ts'
import { lookAtDatabase, migrateDatabase, openEngine, openExisting } from './openStore.ts'
import type { Log } from './ports/log.ts'
import { type Engine, StoreConflictError } from './store/engine.ts'
import { MOVED_FROM, MOVING_FROM, MoveError } from './store/moving.ts'
import { nameSource, refuseTarget, type Source } from './upkeep/move/claim.ts'
import { type Moved, type MoveOptions, move } from './upkeep/move/move.ts'

export interface MoveStore {
  readonly config: Config
  readonly to: string
  readonly progress: MoveOptions['progress']
}

/** Copies the embedded store into a PostgreSQL database. See `move`. */
export async function moveStore({ config, to, progress }: MoveStore): Promise<Moved> {
  const log = createPinoLog(config.logLevel)
  const from = await openExisting(config, log)
  const folder = lockIfFree(config.dataDir)
  try {
    const source = await nameSource(from, anyName())
    return await withTarget({ config, to, source, log }, (target, identity) =>
      move({
        from,
        to: target,
        source,
        run: anyName(),
        identity,
        isStopped: folder !== null,
        place: placeOf(to),
        progress,
      }),
    )
  } catch (error) {
    throw error instanceof StoreConflictError ? disturbed(error) : error
  } finally {
    await from.close()
    folder?.release()
  }
}

interface Aim extends Omit<MoveStore, 'progress'> {
  readonly source: Source
  readonly log: Log
}

/** The target gets our tables only when it is empty, or when they are of this move. */
async function withTarget(
  { config, to, source, log }: Aim,
  use: (target: Engine, identity: string) => Promise<Moved>,
): Promise<Moved> {
  const { meta } = await lookAtDatabase(to)
  refuseTarget(source, {
    movingFrom: meta.get(MOVING_FROM) ?? null,
    movedFrom: meta.get(MOVED_FROM) ?? null,
    filled: meta.has('epoch') ? ['meta'] : [],
  })
  await migrateDatabase(to)
  const target = await openEngine({ ...config, databaseUrl: to }, log)
  try {
    return await use(target, (target as { readonly identity?: string }).identity ?? '')
  } finally {
    await target.close()
  }
}

const disturbed = (cause: Error): MoveError =>
  new MoveError(
    'Somebody else wrote the same rows into the database: another move? Two at once would undo what the other has done. ' +
      'Let the other one finish, or run this again when it has ended.',
    { cause },
  )

const anyName = (): string => Buffer.from(cryptoRandom.bytes(16)).toString('hex')

/** Null while a server has the folder. */
function lockIfFree(dataDir: string) {
  try {
    return openDataFolder(dataDir)
  } catch (error) {
    if (error instanceof Error && error.name === 'DataFolderError') return null
    throw error
  }
}
