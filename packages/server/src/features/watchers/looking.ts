import type { Settings } from '../../kernel/handlers.ts'
import type { ChannelRow } from '../access/index.ts'
import { COUNT } from './notices.ts'

/** How many users watch a live channel, as they were counted last; null for a channel in which nobody counts them. */
export const watchersOf = (
  { channelTypes, moments }: Settings,
  { id, type }: ChannelRow,
): number | null =>
  (channelTypes[type]?.windowMs ?? 0) > 0 ? (moments.look(COUNT, id) ?? 0) : null
