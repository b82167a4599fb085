import { ChatError } from '@tertulia/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Access } from './access.ts'
import type { ChannelRow } from './channel.store.ts'

/** Shut for everybody but servers: members find it in their list, and nothing else. */
export const isDisabled = ({ state }: Pick<ChannelRow, 'state'>): boolean => state === 'disabled'

/** @throws `channel.disabled` for members; for all others the channel is not there. */
export function refuseDisabled({ channel, member }: Access, actor: Actor): void {
  if (!isDisabled(channel) || actor.kind === 'server') return
  throw new ChatError(member ? 'channel.disabled' : 'channel.not_found')
}
