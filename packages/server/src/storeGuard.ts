import { resolve } from 'node:path'
import type { Config } from './config.ts'
import { migrations } from './migrations/index.ts'
import type { StoreLook } from './store/look.ts'
import { missingMigrations } from './store/migrate.ts'

/** There is no store where the settings say, or not one for this program; the message tells an operator what to do. */
class NoStoreError extends Error {
  override readonly name = 'NoStoreError'
}

/** Refuses a store that would have to be made or migrated first. */
export function refuseUnusable({ applied }: StoreLook, config: Config): void {
  if (applied.length === 0) throw new NoStoreError(nothingIn(config))
  const missing = missingMigrations(applied, migrations)
  if (missing.length > 0)
    throw new OldStoreError(
      `The store was made by an older version: it lacks ${missing.length} of ${migrations.length} migrations. ` +
        'This version cannot read it as it is. ' +
        'Start the server, which migrates it, or type: tertulia migrate. To look at it before, use the older version.',
    )
}

/** The store has to be migrated first. */
class OldStoreError extends Error {
  override readonly name = 'OldStoreError'
}

const nothingIn = ({ databaseUrl, dataDir }: Config): string =>
  databaseUrl === null
    ? `There is no store in ${resolve(dataDir)}. A slip in a path must not look like a store in which all is well. ` +
      'Name its folder in TERTULIA_DATA_DIR, or make a new one: tertulia start, or tertulia migrate.'
    : 'There is no store in the database that TERTULIA_DATABASE_URL names. Nothing was made there. ' +
      'Name the right one, or make a new store in it: tertulia start, or tertulia migrate.'
