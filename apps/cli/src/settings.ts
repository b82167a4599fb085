import {
  type Config,
  ConfigError,
  type ConfigFault,
  readConfig,
  unknownSettings,
} from '@tertulia/server'
import { CommandError, EXIT } from './exits.ts'
import type { World } from './world.ts'

/** The settings of the environment over the given defaults. Every wrong one is named at once. */
export function settingsOf(world: World, defaults: Readonly<Record<string, string>> = {}): Config {
  for (const name of unknownSettings(world.environment))
    world.warn(`${name} is no setting of Tertulia: a slip of the pen?`)
  const given = Object.entries(world.environment).filter(([, value]) => value)
  try {
    return readConfig({ ...defaults, ...Object.fromEntries(given) })
  } catch (error) {
    if (error instanceof ConfigError)
      throw new CommandError(EXIT.usage, `Some settings are wrong.\n${listOf(error.faults)}`)
    throw error
  }
}

export const listOf = (faults: readonly ConfigFault[]): string =>
  faults.map(({ variable, why, fix }) => `\n${variable} ${why}.\n  ${fix}`).join('\n')
