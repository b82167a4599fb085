/** Everybody who may knock at a door, from the stranger to the app's own server. */
export const actors = [
  'anonymous',
  'badSignature',
  'expired',
  'revoked',
  'otherInstallation',
  'nonMember',
  'invited',
  'removed',
  'banned',
  'muted',
  'shadowBanned',
  'member',
  'moderatorElsewhere',
  'owner',
  'readOnlyKey',
  'fullKey',
] as const

export type Actor = (typeof actors)[number]

/**
 * Actors whose feature does not exist yet, with the words by which its operations or events would be known. The build
 * fails when one appears: then the actor is due.
 */
export const notYet = {
  invited: /invit/i,
  banned: /\bban|banned|unban/i,
  muted: /mute|freeze|frozen/i,
  shadowBanned: /shadow/i,
} as const satisfies Partial<Record<Actor, RegExp>>

export type FutureActor = keyof typeof notYet
export type PresentActor = Exclude<Actor, FutureActor>

export const presentActors = actors.filter((actor): actor is PresentActor => !(actor in notYet))

/** Those whose token or key is good. */
export const users = [
  'nonMember',
  'removed',
  'member',
  'moderatorElsewhere',
  'owner',
] as const satisfies readonly Actor[]
export type UserActor = (typeof users)[number]

/** Those to whom the channel of the stage must not exist. */
export const outsiders = [
  'nonMember',
  'removed',
  'moderatorElsewhere',
] as const satisfies readonly UserActor[]
