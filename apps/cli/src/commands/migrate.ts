import { migrateOnly, moveStore } from '@tertulia/server'
import { command } from '../command.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { progressLine } from '../progress.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const migrateCommand = (world: World) =>
  command(
    {
      name: 'migrate',
      description: 'Brings the store to the schema of this version. `start` does it too.',
      example: 'tertulia migrate',
      notes: MOVING,
      args: {
        to: {
          type: 'string',
          description: 'A PostgreSQL database that takes over the embedded store.',
        },
      },
      run: (args) => (args.to === undefined ? migrate(world) : moveTo(world, args.to)),
    },
    world,
  )

const MOVING = `MOVING TO POSTGRESQL

  tertulia migrate --to postgres://user:password@host/name

  The database must be empty. Run it while the server runs: nearly everything is copied, and the exit code is 4. Then
  stop the server and run it again: the rest is copied, every row is compared, and the database is the store. All ids
  and positions are kept: clients notice a reconnect. Whatever interrupts it, run it again.`

async function moveTo(world: World, to: string): Promise<ExitCode> {
  const config = settingsOf(world, { TERTULIA_LOG_LEVEL: 'warn' })
  if (!/^postgres(ql)?:\/\//.test(to) || !URL.canParse(to))
    throw new CommandError(EXIT.usage, '--to is written like postgres://user:password@host/name.')
  if (config.databaseUrl !== null)
    throw new CommandError(
      EXIT.usage,
      'TERTULIA_DATABASE_URL is set: the store is a database already. Unset it to move the embedded store.',
    )
  const line = progressLine(world)
  const { compared, written, isComplete } = await moveStore({
    config,
    to,
    progress: (table, rows) => line.tell(`${table}: ${rows} rows`),
  }).finally(() => line.end())
  world.print(`${compared} rows compared, ${written} of them written.`)
  world.print(
    isComplete
      ? 'The database is the store now. Start the server with TERTULIA_DATABASE_URL.'
      : 'All of this went well. A server is using the old store still: stop it, and run this again for the rest.',
  )
  return isComplete ? EXIT.ok : EXIT.partly
}

async function migrate(world: World): Promise<ExitCode> {
  const migrated = await migrateOnly(settingsOf(world))
  world.print(
    migrated === 0
      ? 'The store has the schema of this version already.'
      : `${migrated} ${migrated === 1 ? 'migration' : 'migrations'} done.`,
  )
  return EXIT.ok
}
