import { basename } from 'node:path'
import { backUp, openUpkeep } from '@tertulia/server'
import { command } from '../command.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { progressLine } from '../progress.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const backupCommand = (world: World) =>
  command(
    {
      name: 'backup',
      description: 'Copies the embedded store into one verified file, beside a running server.',
      example: 'tertulia backup backups/monday.db',
      args: {
        file: { type: 'positional', description: 'The file to be made.', required: true },
      },
      run: (args) => backup(world, args.file),
    },
    world,
  )

async function backup(world: World, file: string): Promise<ExitCode> {
  const config = settingsOf(world)
  const { dataDir, databaseUrl } = config
  if (databaseUrl !== null) throw new CommandError(EXIT.usage, DUMP)
  const line = progressLine(world)
  try {
    await backUp({
      config,
      to: file,
      progress: (done, total) => line.tell(`${Math.floor((100 * done) / total)} % copied`),
    })
  } finally {
    line.end()
  }
  await note(world, file)
  world.print(`The store of ${dataDir} is in ${file}, verified row by row.`)
  return EXIT.ok
}

async function note(world: World, file: string): Promise<void> {
  const upkeep = await openUpkeep(settingsOf(world, { TERTULIA_LOG_LEVEL: 'warn' }))
  try {
    await upkeep.note({ action: 'store.backedUp', target: basename(file) })
  } finally {
    await upkeep.close()
  }
}

export const DUMP =
  'The store is a PostgreSQL database, which has tools of its own for this: ' +
  'pg_dump --format=custom --file=tertulia.dump "$TERTULIA_DATABASE_URL", and pg_restore into a new, empty database.'
