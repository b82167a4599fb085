import type { PresenceChoice, PresenceState } from '@tertulia/protocol'

/** The name under which nodes tell each other of it. */
export const PRESENCE = 'presence'

/** How a user stands on one node. Nothing of an invisible one but that they are offline. */
export interface StateNotice {
  readonly kind: 'state'
  readonly uid: string
  readonly node: number
  /** Of two notices of one node about one user the higher one is the newer. */
  readonly turn: number
  readonly state: PresenceState
  /** When the user was last active as far as others may know; null when that is not known. */
  readonly lastActiveAt: number | null
}

/** A user chose how to be seen. */
export interface ChoiceNotice {
  readonly kind: 'choice'
  readonly uid: string
  readonly choice: PresenceChoice
}

export type PresenceNotice = StateNotice | ChoiceNotice

export const choiceNotice = (uid: string, choice: PresenceChoice): ChoiceNotice => ({
  kind: 'choice',
  uid,
  choice,
})
