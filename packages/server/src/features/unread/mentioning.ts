import type { Mention } from '@tertulia/protocol'
import type { Changes } from '../../store/engine.ts'
import { userById } from '../users/index.ts'
import { putChannelMention, putMention } from './mentions.store.ts'

/** A message and whom it mentions. */
export interface Mentioning {
  readonly channelId: string
  readonly seq: number
  readonly authorUid: string | null
  readonly mentions: readonly Mention[]
}

/** Remembers whom a message mentions: a row for each of them, and one for everybody. Nobody mentions themselves. */
export async function noteMentions(
  tx: Changes,
  { channelId, seq, authorUid, mentions }: Mentioning,
): Promise<void> {
  for (const mention of mentions) {
    if (mention.kind === 'channel') putChannelMention(tx, { channelId, seq, authorUid })
    else {
      const user = await userById(tx, mention.userId)
      if (user && user.uid !== authorUid) putMention(tx, { uid: user.uid, channelId, seq })
    }
  }
}
