import type { Chance } from '@tertulia/sim/chance'
import type { Town } from './town.ts'

/** An operation on its way to both products. */
export interface Wish {
  readonly by: 'server' | 'user'
  /** Which user; anybody when absent. */
  readonly as?: string
  readonly op: string
  readonly input: object
}

export type Maker = (chance: Chance, town: Town) => Wish

export const server = (op: string, input: object): Wish => ({ by: 'server', op, input })
export const user = (op: string, input: object): Wish => ({ by: 'user', op, input })
export const either = (chance: Chance, op: string, input: object): Wish => ({
  by: chance.happens(0.2) ? 'server' : 'user',
  op,
  input,
})

export const maybe = <T>(chance: Chance, probability: number, make: () => T): T | undefined =>
  chance.happens(probability) ? make() : undefined

export const limit = (chance: Chance) => maybe(chance, 0.6, () => chance.whole(1, 7))

const cursorFor = (chance: Chance, town: Town, op: string) =>
  chance.pickOrNone(town.cursors.filter((known) => known.op === op).slice(-5))

export function paged(chance: Chance, town: Town, op: string, input: object): object {
  const known = chance.happens(0.4) ? cursorFor(chance, town, op) : null
  return known ? { ...known.input, cursor: known.cursor } : input
}
