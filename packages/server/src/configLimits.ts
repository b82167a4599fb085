import { LIMITS, type LimitName, type Limits, limitTable } from '@tertulia/protocol'
import type { ConfigFault } from './config.ts'

const PREFIX = 'LIMIT_'

/** `sendsPerSecond` as it stands in the environment: `TERTULIA_LIMIT_SENDS_PER_SECOND`. */
export const settingOf = (name: string): string =>
  name === 'drainMs' ? 'TERTULIA_DRAIN_MS' : `TERTULIA_${shortSettingOf(name)}`

const shortSettingOf = (name: string): string =>
  PREFIX + name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()

const names = new Map(
  Object.keys(limitTable)
    // It has a setting of its own.
    .filter((name) => name !== 'drainMs')
    .map((name) => [shortSettingOf(name), name as LimitName]),
)

export interface ReadLimits {
  readonly limits: Limits
  readonly faults: readonly ConfigFault[]
}

/** The limits, with the tunable ones that `LIMIT_<NAME>` changes. */
export function readLimits(settings: Readonly<Record<string, string>>): ReadLimits {
  const changes: Partial<Record<LimitName, number>> = {}
  const faults: ConfigFault[] = []
  for (const [setting, text] of Object.entries(settings)) {
    if (!setting.startsWith(PREFIX)) continue
    const name = names.get(setting)
    const fault = faultOf(setting, name, text)
    if (fault) faults.push(fault)
    else if (name) changes[name] = Number(text)
  }
  return { limits: { ...LIMITS, ...changes }, faults }
}

function faultOf(setting: string, name: LimitName | undefined, text: string): ConfigFault | null {
  const variable = `TERTULIA_${setting}`
  if (!name)
    return {
      variable,
      why: 'names no limit',
      fix: `Limits that can be changed: ${tunable().join(', ')}.`,
    }
  if (limitTable[name].kind === 'fixed')
    return { variable, why: 'cannot be changed: clients rely on it', fix: 'Remove the variable.' }
  if (/^[1-9]\d{0,14}$/.test(text)) return tooSmall(variable, name, Number(text))
  return {
    variable,
    why: 'must be a whole number above 0',
    fix: `Write digits only; the unit is ${limitTable[name].unit}.`,
  }
}

/** What the contract promises must fit through. */
const FLOORS: Partial<Record<LimitName, number>> = {
  bodyBytes: LIMITS.bodyBytes,
  frameBytes: LIMITS.frameBytes,
}

function tooSmall(variable: string, name: LimitName, value: number): ConfigFault | null {
  const least = FLOORS[name] ?? 1
  if (value >= least) return null
  return {
    variable,
    why: `must be at least ${least}: clients may send that much`,
    fix: 'Raise it, or remove the variable.',
  }
}

const tunable = (): readonly string[] =>
  [...names]
    .filter(([, name]) => limitTable[name].kind === 'tunable')
    .map(([setting]) => `TERTULIA_${setting}`)
