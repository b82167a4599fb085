import { ChatError, explainUnread, LIMITS, markUnread, totalUnread } from '@tertulia/protocol'
import { read, write } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { openChannel, visibleFromOf } from '../access/index.ts'
import { isQuiet } from '../arrangements/index.ts'
import { mentionsAbove } from './mentions.store.ts'
import { moveReading } from './moving.ts'
import { countedAfter, countedFrom } from './readState.ts'
import {
  countUnread,
  firstUnread,
  type MaybeUnread,
  maybeUnread,
  readingOf,
  seqOfMessage,
} from './unread.store.ts'

/** The read cursor stays where it is: this is a mark of its own, until the channel is read again. */
export const mark = write(
  markUnread,
  async (context) => {
    const { channelId, messageId } = context.input
    const moved = await moveReading(context, channelId, async (tx, row, { visibleFrom }) => {
      const seq = await seqOfMessage(tx, channelId, messageId)
      if (seq === undefined || seq <= visibleFrom) throw new ChatError('message.not_found')
      return { ...row, unread_from: seq }
    })
    return { read: moved.read }
  },
  { lane: 'actor' },
)

export const explain = read(explainUnread, async ({ input, actor, db, settings }) => {
  const { channelId } = input
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const { channel, member, visibleFrom } = await openChannel(db, wish)
  if (!member) throw new ChatError('forbidden')
  const row = (await readingOf(db, actor.uid, channelId)) ?? { read_seq: 0, unread_from: null }
  const reading = { uid: actor.uid, channelId, ordinal: channel.ordinal, visibleFrom }
  const after = countedAfter(row, reading)
  const range = {
    uid: actor.uid,
    channelId,
    after,
    limit: LIMITS.unreadExplained,
  }
  return {
    read: await countedFrom(db, reading, row),
    after,
    messages: await firstUnread(db, range),
    mentionedIn: [...(await mentionsAbove(db, range))],
  }
})

const PAGE = 200

export const total = read(totalUnread, async ({ actor, db, now }) => {
  const sum = { unread: 0, mentions: 0, channels: 0 }
  let after = '0'
  for (;;) {
    const page = await maybeUnread(db, { uid: actor.uid, after, limit: PAGE })
    for (const row of page) {
      const { unread, mentions } = await countIn(db, actor.uid, row)
      sum.mentions += mentions
      if (unread === 0 || isQuiet(row, { ordinal: row.ordinal, now })) continue
      sum.channels++
      sum.unread += unread
      if (sum.unread >= LIMITS.unreadTotal)
        return { ...sum, unread: LIMITS.unreadTotal, more: true }
    }
    after = page.at(-1)?.channel_id ?? after
    if (page.length < PAGE) return { ...sum, more: false }
  }
})

async function countIn(db: Snapshot, uid: string, row: MaybeUnread) {
  const after = countedAfter(row, { visibleFrom: visibleFromOf(row, row) })
  const range = {
    uid,
    channelId: row.channel_id,
    after,
    limit: LIMITS.unreadShown,
  }
  const { unread } = await countUnread(db, range)
  const mentions = unread === 0 ? [] : await mentionsAbove(db, range)
  return { unread, mentions: mentions.length }
}
