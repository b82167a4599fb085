export { channelsByActivity, previewOf } from './channels.store.ts'
export { channelHandlers } from './channels.ts'
export { purgeDeletedChannels } from './deletion.ts'
export { listItem } from './listItem.ts'
