import { ChatError } from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Settings } from '../../kernel/handlers.ts'
import { can } from '../../kernel/permissions/can.ts'
import type { Action } from '../../kernel/permissions/channelTypes.ts'
import type { LockedStream, Tx } from '../../kernel/transaction.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type ChannelRow, channelById } from './channel.store.ts'
import { refuseDisabled } from './disabled.ts'
import { refuseFrozen } from './frozen.ts'
import { type MemberRow, memberOf } from './member.store.ts'

/** A channel with the stored membership of the actor. */
export interface Access {
  readonly channel: ChannelRow
  /** Null for a server and for whoever is not a member now. */
  readonly member: MemberRow | null
  /** Messages with a seq above this one are visible to the actor. */
  readonly visibleFrom: number
}

export interface Wish {
  readonly actor: Actor
  readonly channelId: string
  readonly action: Action
  readonly settings: Settings
  /** For whoever asks `refuseFrozen` later, behind what is answered from the store. */
  readonly frozenToo?: boolean
  /** For members who take back what is their own and nobody sees. */
  readonly disabledToo?: boolean
}

/**
 * The channel, if the actor may do that to it. Whoever may not even see it gets the answer of an unknown id.
 */
export async function openChannel(db: Snapshot, wish: Wish): Promise<Access> {
  const channel = await channelById(db, wish.channelId)
  if (!channel || channel.deleted_at !== null) throw new ChatError('channel.not_found')
  const access = await accessOf(db, channel, wish.actor)
  if (!allows(access, wish, 'channel.see')) throw new ChatError('channel.not_found')
  if (!(wish.disabledToo && access.member)) refuseDisabled(access, wish.actor)
  if (!allows(access, wish, wish.action)) throw new ChatError('forbidden')
  if (!wish.frozenToo) refuseFrozen(access, wish)
  return access
}

/** The same under the lock of the channel's stream, for a transaction. */
export async function lockChannel(
  tx: Tx,
  wish: Wish,
): Promise<Access & { readonly stream: LockedStream }> {
  const stream = await tx.tryLock(wish.channelId)
  if (!stream) throw new ChatError('channel.not_found')
  return { ...(await openChannel(tx, wish)), stream }
}

export const allows = (
  { channel, member }: Access,
  { actor, settings }: Pick<Wish, 'actor' | 'settings'>,
  action: Action,
): boolean =>
  can(settings.channelTypes, actor, action, { type: channel.type, role: member?.role ?? null })

/** Nobody sees what lies below the floor of the channel, and a member nothing from before their interval. */
export const visibleFromOf = (
  { floor }: Pick<ChannelRow, 'floor'>,
  member: Pick<MemberRow, 'visible_from'> | null,
): number => Math.max(member?.visible_from ?? 0, floor)

async function accessOf(db: Snapshot, channel: ChannelRow, actor: Actor): Promise<Access> {
  if (actor.kind === 'server')
    return { channel, member: null, visibleFrom: visibleFromOf(channel, null) }
  const row = await memberOf(db, channel.id, actor.uid)
  const member = row?.state === 'joined' ? row : null
  return { channel, member, visibleFrom: visibleFromOf(channel, member) }
}
