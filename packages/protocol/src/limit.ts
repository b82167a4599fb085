type Unit =
  | 'bytes'
  | 'items'
  | 'characters'
  | 'ms'
  | 'per second'
  | 'levels'
  | 'connections'
  | 'seconds'

/** One bound. */
export interface Limit {
  readonly value: number
  readonly unit: Unit
  /** What is bounded, in one sentence. */
  readonly what: string
  /** `tunable` bounds may be raised by an operator; `fixed` ones are part of the wire. */
  readonly kind: 'fixed' | 'tunable'
}

export const fixed = (value: number, unit: Unit, what: string): Limit => ({
  value,
  unit,
  what,
  kind: 'fixed',
})
export const tunable = (value: number, unit: Unit, what: string): Limit => ({
  value,
  unit,
  what,
  kind: 'tunable',
})
