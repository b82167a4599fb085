import { ChatError } from '@tertulia/protocol'
import { can } from '../../kernel/permissions/can.ts'
import type { Action } from '../../kernel/permissions/channelTypes.ts'
import type { Access, Wish } from './access.ts'

/** What freezing stops. Every action takes a side. Who deletes a message opens the channel to read it. */
const stops: Readonly<Record<Action, boolean>> = {
  'channel.see': false,
  'channel.read': false,
  'channel.join': false,
  'channel.leave': false,
  'channel.update': false,
  'channel.moderate': false,
  'channel.delete': false,
  'channel.truncate': false,
  'member.add': false,
  'member.remove': false,
  'member.update': false,
  'message.send': true,
  'message.sendFast': true,
  'message.sendFrozen': false,
  'message.react': true,
  'message.changeOwn': true,
  'message.pin': true,
  'message.deleteAny': false,
  'message.mentionChannel': true,
  'event.send': true,
}

/** @throws `channel.frozen` where the channel is frozen, the action is one of speaking, and the actor is not exempt. */
export function refuseFrozen(
  { channel, member }: Access,
  { actor, action, settings }: Pick<Wish, 'actor' | 'action' | 'settings'>,
): void {
  if (channel.state !== 'frozen' || !stops[action]) return
  const resource = { type: channel.type, role: member?.role ?? null }
  if (!can(settings.channelTypes, actor, 'message.sendFrozen', resource))
    throw new ChatError('channel.frozen')
}
