import { type LimitName, type Limits, limitTable } from '@tertulia/protocol'
import { settingOf } from './configLimits.ts'

export interface LimitEntry {
  readonly name: string
  readonly value: number
  readonly default: number
  readonly unit: string
  readonly what: string
  /** The variable that changes it; null where clients rely on the value. */
  readonly setting: string | null
}

/** Every bound by name, with the value of this server. */
export const limitsDocument = (limits: Limits): { readonly limits: readonly LimitEntry[] } => ({
  limits: (Object.keys(limitTable) as LimitName[]).map((name) => {
    const { value, unit, what, kind } = limitTable[name]
    const setting = kind === 'tunable' ? settingOf(name) : null
    return { name, value: limits[name], default: value, unit, what, setting }
  }),
})
