import { openUpkeep } from '@tertulia/server'
import { command } from '../command.ts'
import { EXIT, type ExitCode } from '../exits.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const migrateCommand = (world: World) =>
  command(
    {
      name: 'migrate',
      description: 'Brings the store to the schema of this version. `start` does it too.',
      example: 'tertulia migrate',
      args: {},
      run: () => migrate(world),
    },
    world,
  )

async function migrate(world: World): Promise<ExitCode> {
  const { migrated, close } = await openUpkeep(settingsOf(world, { TERTULIA_LOG_LEVEL: 'warn' }))
  await close()
  world.print(
    migrated === 0
      ? 'The store has the schema of this version already.'
      : `${migrated} ${migrated === 1 ? 'migration' : 'migrations'} done.`,
  )
  return EXIT.ok
}
