import type { ChannelRole } from '@tertulia/protocol'
import type { Actor } from '../actor.ts'
import type { Action, ChannelTypes } from './channelTypes.ts'

/** A stored channel as far as permission goes, with the stored membership of the actor. */
export interface Resource {
  readonly type: string
  /** The role of a present member; null for everybody else. */
  readonly role: ChannelRole | null
}

/**
 * The one decision for every door. Judged on stored rows, never on what a request says. A channel of a type that
 * the configuration does not name any more is open to servers alone.
 */
export function can(
  types: ChannelTypes,
  actor: Actor,
  action: Action,
  resource: Resource,
): boolean {
  if (actor.kind === 'server') return true
  const grant = types[resource.type]?.grants[action]
  if (grant === undefined) return false
  return grant === 'anyone' || (resource.role !== null && grant.includes(resource.role))
}
