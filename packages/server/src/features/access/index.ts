export { type Access, allows, lockChannel, openChannel, visibleFromOf } from './access.ts'
export {
  type ChannelRow,
  channelById,
  DISABLED,
  noteChange,
  publicChannel,
  saveChannel,
  slowModeOf,
} from './channel.store.ts'
export { isDisabled } from './disabled.ts'
export { refuseFrozen } from './frozen.ts'
export {
  keepMember,
  type MemberRow,
  memberOf,
  publicMe,
  publicMember,
} from './member.store.ts'
