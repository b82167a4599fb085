import { ChatError, type Mention } from '@tertulia/protocol'
import type { Snapshot } from '../../store/engine.ts'
import { memberOf } from '../access/index.ts'
import { userById } from '../users/index.ts'

/**
 * Mentions are spans inside the text that mean present members, or everybody, or those of them who are there, where
 * the author has that right.
 * Refuses with the position of the first one that is not.
 */
export async function checkMentions(
  db: Snapshot,
  {
    mentions,
    text,
    channelId,
    mayMentionChannel,
  }: {
    readonly mentions: readonly Mention[]
    readonly text: string
    readonly channelId: string
    readonly mayMentionChannel: boolean
  },
): Promise<void> {
  for (const [index, mention] of mentions.entries()) {
    const path = `mentions.${index}`
    if (mention.start + mention.length > text.length) throw unfit(path, 'must lie inside the text')
    if (mention.kind !== 'user') {
      if (!mayMentionChannel)
        throw new ChatError('forbidden', {
          details: { fields: [{ path, message: 'no right to mention everybody' }] },
        })
    } else if (!(await isMember(db, channelId, mention.userId)))
      throw unfit(path, 'must be a member of the channel')
  }
}

async function isMember(db: Snapshot, channelId: string, userId: string): Promise<boolean> {
  const user = await userById(db, userId)
  const member = user && (await memberOf(db, channelId, user.uid))
  return member?.state === 'joined'
}

const unfit = (path: string, message: string) =>
  new ChatError('bad_request', { details: { fields: [{ path, message }] } })
