import { type FoundFault, openUpkeep } from '@tertulia/server'
import { command } from '../command.ts'
import { EXIT, type ExitCode } from '../exits.ts'
import { progressLine } from '../progress.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const checkCommand = (world: World) =>
  command(
    {
      name: 'check',
      description:
        'Looks at every row of the store: hashes, order, counts, both sides of memberships.',
      example: 'tertulia check --repair',
      notes: 'It may run beside a server. The exit code is 1 when faults are left.',
      args: {
        repair: {
          type: 'boolean',
          description: 'Set right what follows from other rows, such as counts.',
        },
      },
      run: (args) => check(world, args.repair === true),
    },
    world,
  )

const ENDINGS: Record<FoundFault['state'], string> = {
  repaired: 'Repaired.',
  derived: 'Repairable: tertulia check --repair',
  failed: 'Repairing it failed; only a backup helps: tertulia restore',
  lost: 'Only a backup helps: tertulia restore',
}

async function check(world: World, repair: boolean): Promise<ExitCode> {
  const upkeep = await openUpkeep(settingsOf(world, { TERTULIA_LOG_LEVEL: 'warn' }))
  const line = progressLine(world)
  let looked = 0
  const rows = new Map<string, number>()
  try {
    const left = await upkeep.check({
      repair,
      found(fault) {
        line.end()
        world.print(`${fault.where} ${fault.what}. ${ENDINGS[fault.state]}`)
      },
      progress(name, count) {
        rows.set(name, count)
        looked = [...rows.values()].reduce((sum, value) => sum + value, 0)
        line.tell(`${name}: ${count} rows`)
      },
    })
    line.end()
    world.print(
      left === 0
        ? `${looked} rows looked at. All is well.`
        : `${looked} rows looked at. Faults left: ${left}.`,
    )
    return left === 0 ? EXIT.ok : EXIT.failed
  } finally {
    line.end()
    await upkeep.close()
  }
}
