import { ChatError, type Mention } from '@tertulia/protocol'
import type { Settings } from '../../kernel/handlers.ts'

interface Place {
  readonly channelId: string
  readonly settings: Settings
}

/** Whom a mention of those who are there could mean at this moment, by uid. Nobody where there is no such mention. */
export function hereFor(
  mentions: readonly Mention[],
  { channelId, settings: { hereIn, limits } }: Place,
): readonly string[] {
  if (mentions.every(({ kind }) => kind !== 'here')) return []
  const here = hereIn(channelId)
  if (here.length > limits.hereMentions)
    throw new ChatError('message.here_limit', { details: { limit: limits.hereMentions } })
  return here
}
