import { limitsOnCallers } from './limitsOnCallers.ts'
import { limitsOnNodes } from './limitsOnNodes.ts'

/**
 * Every bound of Tertulia, by name. Code reads a bound from `LIMITS`; nothing else may hold the number.
 * The numbers come from the decisions of `docs/decisions/0001-foundations.md`.
 */
export const limitTable = { ...limitsOnCallers, ...limitsOnNodes } as const

export type LimitName = keyof typeof limitTable
export type Limits = { readonly [Name in LimitName]: number }

/** The default value of every bound. */
export const LIMITS = Object.fromEntries(
  Object.entries(limitTable).map(([name, limit]) => [name, limit.value]),
) as Limits
