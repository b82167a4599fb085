import type { Handler } from '../kernel/handlers.ts'
import type { Chore } from '../kernel/sweeper.ts'
import { channelHandlers, purgeDeletedChannels } from './channels/index.ts'
import { customEventHandlers } from './customEvents/index.ts'
import { memberHandlers } from './members/index.ts'
import { messageHandlers } from './messages/index.ts'
import { syncHandlers } from './sync/index.ts'
import { ticketHandlers } from './tickets/index.ts'
import { userHandlers } from './users/index.ts'

/** The product, as a table of contents. */
export const handlers: readonly Handler[] = [
  ...userHandlers,
  ...channelHandlers,
  ...memberHandlers,
  ...messageHandlers,
  ...syncHandlers,
  ...customEventHandlers,
  ...ticketHandlers,
]

/** What features do in the background, a slice at a time. */
export const chores: readonly Chore[] = [purgeDeletedChannels]
