import type { InputOf, sendMessage } from '@tertulia/protocol'
import type { Settings } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { type Access, memberOf } from '../access/index.ts'
import type { Author } from './placing.ts'

interface Said {
  /** Null for the app itself. */
  readonly author: Author | null
  readonly input: InputOf<typeof sendMessage>
  readonly settings: Settings
}

/**
 * Where more is written than anybody reads, who watches is told a part of it. Never left out is what the app says, what
 * its owners and moderators say, and what mentions somebody. Returns who is told all the same of a message that may be
 * left out, by uid: its author.
 */
export async function omitBut(
  db: Snapshot,
  { channel }: Access,
  { author, input, settings }: Said,
): Promise<string | undefined> {
  const most = settings.channelTypes[channel.type]?.shownPerSecond ?? null
  if (most === null || author === null || input.mentions.length > 0) return undefined
  const member = await memberOf(db, channel.id, author.uid)
  const isInCharge = member?.state === 'joined' && member.role !== 'member'
  return isInCharge ? undefined : author.uid
}
