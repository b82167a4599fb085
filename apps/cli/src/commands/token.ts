import { mintToken } from '@tertulia/server'
import { command } from '../command.ts'
import { readDevSecrets } from '../devSecrets.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const tokenCommand = (world: World) =>
  command(
    {
      name: 'token',
      description: 'Mints a user token and prints it. Nothing is asked of a server.',
      example: 'tertulia token alice --dev',
      args: {
        user: { type: 'positional', description: "The app's own id of the user.", required: true },
        'expires-in': {
          type: 'string',
          description: 'Life in seconds, at most 2592000 (30 days).',
          valueHint: 'seconds',
          default: '3600',
        },
        dev: {
          type: 'boolean',
          description: 'For `tertulia dev`: signs with the secret of its data folder.',
        },
      },
      run: (args) =>
        token({ user: args.user, life: args['expires-in'], dev: args.dev === true }, world),
    },
    world,
  )

interface Wish {
  readonly user: string
  readonly life: string
  readonly dev: boolean
}

async function token({ user, life, dev }: Wish, world: World): Promise<ExitCode> {
  const secret = secretFor(dev, world)
  if (!/^\d{1,9}$/.test(life))
    throw new CommandError(EXIT.usage, '--expires-in is a whole number of seconds.')
  try {
    world.print(
      await mintToken(secret, { userId: user, expiresInSeconds: Number(life), now: world.now() }),
    )
    return EXIT.ok
  } catch (error) {
    if (error instanceof RangeError) throw new CommandError(EXIT.usage, error.message)
    throw error
  }
}

function secretFor(dev: boolean, world: World): string {
  const { secret, dataDir } = settingsOf(world)
  if (!dev) {
    if (secret !== null) return secret
    throw new CommandError(
      EXIT.usage,
      'TERTULIA_SECRET is missing. Without it nothing can be signed. Set it as for the server, or use --dev.',
    )
  }
  const kept = readDevSecrets(dataDir)
  if (kept) return secret ?? kept.secret
  throw new CommandError(
    EXIT.failed,
    `There is no dev.json in ${dataDir}. It is made by the first \`tertulia dev\`. Run that first, in the same folder.`,
  )
}
