import type { Check } from '../kernel/checks.ts'
import type { Ground } from '../kernel/companions.ts'
import type { Handler, Settings } from '../kernel/handlers.ts'
import type { Chore } from '../kernel/sweeper.ts'
import type { Companion } from '../ports/companion.ts'
import { arrangementCheck, arrangementHandlers } from './arrangements/index.ts'
import { blockCheck, blockHandlers, createBlocklists } from './blocks/index.ts'
import {
  channelCheck,
  channelHandlers,
  purgeDeletedChannels,
  purgeTruncatedChannels,
  truncationCheck,
} from './channels/index.ts'
import { customEventHandlers } from './customEvents/index.ts'
import { draftHandlers } from './drafts/handlers.ts'
import { draftCheck } from './drafts/index.ts'
import { memberCheck, memberHandlers } from './members/index.ts'
import { announcedCheck, messageCheck, messageHandlers } from './messages/index.ts'
import { pinHandlers } from './pins/handlers.ts'
import { pinCheck } from './pins/index.ts'
import { createPresence, presenceHandlers } from './presence/index.ts'
import { privacyHandlers } from './privacy/index.ts'
import { forgetReactions, reactionCheck, reactionHandlers } from './reactions/index.ts'
import { receiptHandlers } from './receipts/index.ts'
import { forgetFailed, scheduledCheck, scheduledHandlers, sendDue } from './scheduled/index.ts'
import { forgetSlowSends } from './slowMode/index.ts'
import { syncHandlers } from './sync/index.ts'
import { threadHandlers } from './threads/handlers.ts'
import { threadCheck } from './threads/index.ts'
import { ticketHandlers } from './tickets/index.ts'
import { createTyping } from './typing/index.ts'
import { unreadCheck, unreadHandlers } from './unread/index.ts'
import { userCheck, userHandlers } from './users/index.ts'
import { createWatchers } from './watchers/index.ts'

/** The product, as a table of contents. */
export const handlers: readonly Handler[] = [
  ...userHandlers,
  ...privacyHandlers,
  ...presenceHandlers,
  ...blockHandlers,
  ...channelHandlers,
  ...arrangementHandlers,
  ...memberHandlers,
  ...messageHandlers,
  ...reactionHandlers,
  ...pinHandlers,
  ...unreadHandlers,
  ...threadHandlers,
  ...draftHandlers,
  ...receiptHandlers,
  ...scheduledHandlers,
  ...syncHandlers,
  ...customEventHandlers,
  ...ticketHandlers,
]

/** What features hold beside the connections of a node. */
export function createCompanions(ground: Ground): {
  readonly companions: readonly Companion[]
  readonly hereIn: Settings['hereIn']
} {
  const blocklists = createBlocklists(ground)
  const presence = createPresence(ground, blocklists)
  return {
    companions: [blocklists, createTyping(ground, blocklists), presence, createWatchers(ground)],
    hereIn: presence.hereIn,
  }
}

/** What features do in the background, a slice at a time. */
export const chores: readonly Chore[] = [
  // First: people wait for it.
  sendDue,
  forgetFailed,
  purgeDeletedChannels,
  purgeTruncatedChannels,
  forgetReactions,
  forgetSlowSends,
]

/** What `tertulia check` makes sure of. */
export const checks: readonly Check[] = [
  userCheck,
  blockCheck,
  channelCheck,
  memberCheck,
  messageCheck,
  announcedCheck,
  truncationCheck,
  reactionCheck,
  pinCheck,
  unreadCheck,
  // Behind the check that sets the ordinals right.
  arrangementCheck,
  threadCheck,
  scheduledCheck,
  draftCheck,
]
