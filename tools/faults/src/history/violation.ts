/**
 * What every run must leave true. I1: an acknowledged send is stored exactly once. I2: one row per client id, and each
 * retry gets the first id and seq. I3: one order for every reader. I4: no phantom. I5: clients and server agree.
 */
export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5'

export interface Violation {
  readonly invariant: Invariant
  readonly channel: string
  readonly what: string
}

export const violation = (invariant: Invariant, channel: string, what: string): Violation => ({
  invariant,
  channel,
  what,
})
