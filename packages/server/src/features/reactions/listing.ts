import { ChatError, listReactions } from '@tertulia/protocol'
import { nameOf } from '../../kernel/actor.ts'
import { read } from '../../kernel/handlers.ts'
import { openChannel } from '../access/index.ts'
import { publicUser } from '../users/index.ts'
import { pageOfReactions, reactedMessage, subjectOf } from './reactions.store.ts'

export const list = read(listReactions, async ({ input, actor, db, settings }) => {
  const { channelId, messageId, emoji = null, limit } = input
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const { visibleFrom } = await openChannel(db, wish)
  const message = await reactedMessage(db, channelId, messageId)
  if (!message || subjectOf(message) <= visibleFrom) throw new ChatError('message.not_found')
  if (message.deleted_at !== null) return { reactions: [], next: null }
  const question = {
    operation: listReactions.name,
    actor: nameOf(actor),
    filter: { channelId, messageId, emoji },
  }
  const [lastEmoji, uid] = input.cursor
    ? settings.cursors.read(question, input.cursor)
    : [emoji ?? '', '0']
  const rows = await pageOfReactions(db, {
    channelId,
    seq: message.seq,
    emoji,
    after: { emoji: String(lastEmoji), uid: String(uid) },
    limit: limit + 1,
  })
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  return {
    reactions: page.map((row) => ({
      emoji: row.emoji,
      score: row.score,
      at: row.at,
      user: publicUser(row),
    })),
    next: last ? settings.cursors.write(question, [last.emoji, last.uid]) : null,
  }
})
