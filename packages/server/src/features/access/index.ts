export { type Access, allows, lockChannel, openChannel } from './access.ts'
export { type ChannelRow, channelById, publicChannel, saveChannel } from './channel.store.ts'
export { type MemberRow, memberOf, publicMe, publicMember } from './member.store.ts'
