import { command } from '../command.ts'
import type { Advice } from '../doctor/advice.ts'
import { machineAdvice } from '../doctor/machine.ts'
import { settingsAdvice } from '../doctor/settings.ts'
import { storeAdvice } from '../doctor/store.ts'
import { EXIT, type ExitCode } from '../exits.ts'
import { settingsOf } from '../settings.ts'
import type { World } from '../world.ts'

export const doctorCommand = (world: World) =>
  command(
    {
      name: 'doctor',
      description:
        'Looks for what is unsafe in this installation, each with the line that mends it.',
      example: 'tertulia doctor',
      notes:
        'Run it with the settings of the server. The exit code is 1 when there is something to mend.',
      args: {},
      run: () => doctor(world),
    },
    world,
  )

async function doctor(world: World): Promise<ExitCode> {
  const config = settingsOf(world, { TERTULIA_LOG_LEVEL: 'error' })
  const advice = [
    ...settingsAdvice(config),
    ...machineAdvice(config),
    ...(await storeAdvice(config, world)),
  ]
  for (const each of advice) world.print(`${textOf(each)}\n`)
  world.print(advice.length === 0 ? 'Nothing to mend.' : `To mend: ${advice.length}.`)
  return advice.length === 0 ? EXIT.ok : EXIT.failed
}

const textOf = ({ what, why, fix }: Advice): string =>
  `${what[0]?.toUpperCase()}${what.slice(1)}:\n  ${why.replace(/\.$/, '')}.\n  ${fix}`
