export { type Access, allows, lockChannel, openChannel, visibleFromOf } from './access.ts'
export {
  type ChannelRow,
  channelById,
  noteChange,
  publicChannel,
  saveChannel,
  slowModeOf,
} from './channel.store.ts'
export {
  keepMember,
  type MemberRow,
  memberOf,
  publicMe,
  publicMember,
} from './member.store.ts'
