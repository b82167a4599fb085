import { randomBytes } from 'node:crypto'
import { createKeyDesk, isName, type KeyDesk } from '@tertulia/server'
import { command } from '../command.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { keyTable } from '../keyTable.ts'
import { settingsOf } from '../settings.ts'
import { shown } from '../shown.ts'
import type { World } from '../world.ts'

const NO_NAME =
  'A name has 1 to 128 characters, one of them visible, and none that moves the cursor or the direction of the text.'

export const createKeyCommand = (world: World) =>
  command(
    {
      name: 'create',
      description: 'Makes an API key and prints it, once: only its hash is kept.',
      example: 'tertulia keys create backend --days 90',
      args: {
        name: {
          type: 'positional',
          description: 'What the key is for, in your own words.',
          required: true,
        },
        days: {
          type: 'string',
          description: 'Days after which the key is refused; without it, never.',
        },
        'read-only': {
          type: 'boolean',
          description: 'The key may look at everything and change nothing.',
        },
      },
      run: (args) =>
        atDesk(world, async (desk) => {
          const name = args.name.trim()
          if (!isName(name)) throw new CommandError(EXIT.usage, NO_NAME)
          const { key, record } = await desk.create({
            name,
            access: args['read-only'] ? 'read' : 'full',
            livesFor: lifeOf(args.days),
          })
          world.warn(`Key ${record.id} (${record.access}). Keep it now: it cannot be shown again.`)
          world.print(key)
        }),
    },
    world,
  )

export const listKeysCommand = (world: World) =>
  command(
    {
      name: 'list',
      description: 'Lists the API keys: who they are for, when they were used, which are revoked.',
      example: 'tertulia keys list',
      args: {},
      run: () =>
        atDesk(world, async (desk) => world.print(keyTable(await desk.list(), world.now()))),
    },
    world,
  )

export const revokeKeyCommand = (world: World) =>
  command(
    {
      name: 'revoke',
      description: 'Revokes an API key, at once and for ever.',
      example: 'tertulia keys revoke 726312345678901234',
      args: {
        id: { type: 'positional', description: 'The id as `keys list` shows it.', required: true },
      },
      run: (args) =>
        atDesk(world, async (desk) => {
          const record = /^\d{1,19}$/.test(args.id) ? await desk.revoke(args.id) : null
          if (!record)
            throw new CommandError(
              EXIT.failed,
              `There is no key ${args.id}. See: tertulia keys list`,
            )
          world.print(`Revoked key ${record.id} (${shown(record.name)}).`)
        }),
    },
    world,
  )

const LONGEST_LIFE_DAYS = 3650
const DAY_MS = 86_400_000

function lifeOf(days: string | undefined): number | null {
  if (days === undefined) return null
  if (!/^\d{1,4}$/.test(days) || Number(days) < 1 || Number(days) > LONGEST_LIFE_DAYS)
    throw new CommandError(EXIT.usage, `--days is a whole number from 1 to ${LONGEST_LIFE_DAYS}.`)
  return Number(days) * DAY_MS
}

async function atDesk(world: World, work: (desk: KeyDesk) => Promise<void>): Promise<ExitCode> {
  const { apiKeys, close } = await world.openKeys(settingsOf(world, { TERTULIA_LOG_LEVEL: 'warn' }))
  try {
    const bytes = (count: number) => randomBytes(count)
    await work(createKeyDesk({ apiKeys, clock: world, random: { bytes } }))
  } finally {
    await close()
  }
  return EXIT.ok
}
