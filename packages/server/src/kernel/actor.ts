/** A user, proven by a token. `uid` is the internal id, `id` the app's own. */
export interface UserActor {
  readonly kind: 'user'
  readonly uid: string
  readonly id: string
}

/** The app's own server, proven by an API key. */
export interface ServerActor {
  readonly kind: 'server'
  readonly keyId: string
  /** A `read` key may only look. */
  readonly access: 'full' | 'read'
}

export type Actor = UserActor | ServerActor

/** The name under which buckets, idempotency keys and logs know an actor. */
export const nameOf = (actor: Actor): string =>
  actor.kind === 'user' ? `u:${actor.uid}` : `k:${actor.keyId}`

/** The internal id of a user, null for the app itself. */
export const uidOf = (actor: Actor): string | null => (actor.kind === 'user' ? actor.uid : null)

/** `by` of an event: the app's id of a user, null for the app itself. */
export const byOf = (actor: Actor): string | null => (actor.kind === 'user' ? actor.id : null)
