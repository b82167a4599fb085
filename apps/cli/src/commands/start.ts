import { type ServerConfig, unsafeSettings } from '@tertulia/server'
import { breakage } from '../breakage.ts'
import { command } from '../command.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { settingNotes } from '../settingNotes.ts'
import { listOf, settingsOf } from '../settings.ts'
import { untilStopped } from '../untilStopped.ts'
import type { World } from '../world.ts'

export const startCommand = (world: World) =>
  command(
    {
      name: 'start',
      description: 'Runs a server for real users. Settings come from TERTULIA_* variables.',
      example: 'TERTULIA_SECRET="$(cat secret.txt)" tertulia start',
      notes: settingNotes,
      args: {},
      run: () => start(world),
    },
    world,
  )

const NO_ORIGINS =
  'No page may use this server from a browser yet. Name yours: TERTULIA_ALLOWED_ORIGINS=https://app.example'

async function start(world: World): Promise<ExitCode> {
  const config = safeSettings(world)
  if (config.allowedOrigins.length === 0) world.warn(NO_ORIGINS)
  const { broken, whenBroken } = breakage(world)
  const host = await world.createServer(config, { extensions: [], loopbackOrigins: false, broken })
  await host.listen()
  return Promise.race([untilStopped(host, world), whenBroken()])
}

function safeSettings(world: World): ServerConfig {
  const config = settingsOf(world)
  const faults = unsafeSettings(config)
  const { secret } = config
  if (faults.length > 0 || secret === null)
    throw new CommandError(
      EXIT.unsafe,
      `These settings are not safe for real users.\n${listOf(faults)}`,
    )
  return { ...config, secret }
}
