import { arrangementEvents, arrangementOperations } from './arrangements.ts'
import { blockEvents, blockOperations } from './blocks.ts'
import { channelEvents, channelOperations } from './channels.ts'
import { connectionOperations } from './connections.ts'
import { customEventOperations } from './customEvents.ts'
import { draftEvents, draftOperations } from './drafts.ts'
import { memberEvents, memberOperations } from './members.ts'
import { messageEvents, messageOperations } from './messages.ts'
import { pinEvents, pinOperations } from './pins.ts'
import { presenceOperations } from './presence.ts'
import { privacyOperations } from './privacy.ts'
import { reactionEvents, reactionOperations } from './reactions.ts'
import { receiptOperations } from './receipts.ts'
import { scheduledEvents, scheduledOperations } from './scheduled.ts'
import { syncOperations } from './sync.ts'
import { threadEvents, threadOperations } from './threads.ts'
import { truncationEvents, truncationOperations } from './truncation.ts'
import { unreadEvents, unreadOperations } from './unread.ts'
import { userEvents, userOperations } from './users.ts'

/** Every operation of Tertulia. */
export const operations = [
  ...userOperations,
  ...privacyOperations,
  ...presenceOperations,
  ...blockOperations,
  ...channelOperations,
  ...truncationOperations,
  ...arrangementOperations,
  ...memberOperations,
  ...messageOperations,
  ...reactionOperations,
  ...pinOperations,
  ...unreadOperations,
  ...threadOperations,
  ...draftOperations,
  ...receiptOperations,
  ...scheduledOperations,
  ...syncOperations,
  ...connectionOperations,
  ...customEventOperations,
] as const

/** Every durable event of Tertulia. */
export const events = [
  ...userEvents,
  ...blockEvents,
  ...channelEvents,
  ...truncationEvents,
  ...arrangementEvents,
  ...memberEvents,
  ...messageEvents,
  ...reactionEvents,
  ...pinEvents,
  ...unreadEvents,
  ...threadEvents,
  ...scheduledEvents,
  ...draftEvents,
] as const

export type OperationName = (typeof operations)[number]['name']
export type EventName = (typeof events)[number]['name']

export * from './arrangements.ts'
export * from './blocks.ts'
export * from './channels.ts'
export * from './connections.ts'
export * from './customEvents.ts'
export * from './define.ts'
export * from './drafts.ts'
export * from './errors.ts'
export * from './frames.ts'
export * from './limits.ts'
export * from './members.ts'
export * from './mentions.ts'
export * from './messages.ts'
export * from './pins.ts'
export * from './presence.ts'
export * from './privacy.ts'
export * from './reactions.ts'
export * from './receipts.ts'
export * from './scalars.ts'
export * from './scheduled.ts'
export * from './slowMode.ts'
export * from './sync.ts'
export * from './systemMessages.ts'
export * from './threads.ts'
export * from './truncation.ts'
export * from './typing.ts'
export * from './unread.ts'
export * from './users.ts'
export * from './version.ts'
export * from './watchers.ts'
