import { type AuditRow, openUpkeep } from '@tertulia/server'
import { command } from '../command.ts'
import { CommandError, EXIT, type ExitCode } from '../exits.ts'
import { timeOf } from '../moments.ts'
import { settingsOf } from '../settings.ts'
import { shown } from '../shown.ts'
import type { World } from '../world.ts'

const MOST = 10_000

export const auditCommand = (world: World) =>
  command(
    {
      name: 'audit',
      description: 'Shows who changed keys, roles and settings, deleted, backed up and restored.',
      example: 'tertulia audit --last 20',
      notes:
        'The log only grows, and each entry seals the one before it: tertulia check looks at the seals.',
      args: {
        last: { type: 'string', description: 'How many of the newest entries.', default: '50' },
      },
      run: (args) => audit(world, args.last),
    },
    world,
  )

async function audit(world: World, last: string): Promise<ExitCode> {
  const limit = Number(last)
  if (!/^\d{1,5}$/.test(last) || limit < 1 || limit > MOST)
    throw new CommandError(EXIT.usage, `--last is a whole number from 1 to ${MOST}.`)
  const upkeep = await openUpkeep(settingsOf(world, { TERTULIA_LOG_LEVEL: 'warn' }))
  try {
    for (const row of await upkeep.audit(limit)) world.print(lineOf(row))
  } finally {
    await upkeep.close()
  }
  return EXIT.ok
}

const lineOf = ({ seq, at, actor, action, target, details }: AuditRow): string =>
  [seq, timeOf(at), actor, action, target, details === '{}' ? '' : details]
    .map((field) => shown(String(field)))
    .join('  ')
    .trimEnd()
