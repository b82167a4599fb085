import { restore as restoreStore } from '@tertulia/server'
import { command } from '../command.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'
import { DUMP } from './backup.ts'

export const restoreCommand = (world: World) =>
  command(
    {
      name: 'restore',
      description: 'Puts a backup in the place of the embedded store. Stop the server first.',
      example: 'tertulia restore backups/monday.db',
      notes:
        'The backup is verified before anything changes, and the store that was there is kept.\n' +
        'Clients that know more than the backup let go of it when they connect.',
      args: {
        file: { type: 'positional', description: 'The file that `backup` made.', required: true },
      },
      run: (args) => restore(world, args.file),
    },
    world,
  )

async function restore(world: World, file: string): Promise<ExitCode> {
  const { dataDir, databaseUrl } = settingsOf(world)
  if (databaseUrl !== null) throw new CommandError(EXIT.usage, DUMP)
  const kept = await restoreStore({ dataDir, from: file, now: world.now() })
  world.print(`${dataDir} holds the store of ${file} now.`)
  if (kept !== null) world.print(`The one that was there is kept as ${kept}.`)
  return EXIT.ok
}
