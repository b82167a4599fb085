import { listPinned } from '@tertulia/protocol'
import { nameOf } from '../../kernel/actor.ts'
import { read } from '../../kernel/handlers.ts'
import type { Snapshot } from '../../store/engine.ts'
import { openChannel } from '../access/index.ts'
import { messageBySeq, publicMessage } from '../messages/index.ts'
import { ownReactionsOn } from '../reactions/index.ts'
import { type PinRow, pinsBelow, publicPin } from './pins.store.ts'

export const list = read(listPinned, async ({ input, actor, db, settings }) => {
  const { channelId, limit, cursor } = input
  const wish = { actor, channelId, action: 'channel.read', settings } as const
  const { visibleFrom } = await openChannel(db, wish)
  const question = { operation: listPinned.name, actor: nameOf(actor), filter: { channelId } }
  const [below] = cursor ? settings.cursors.read(question, cursor) : [Number.MAX_SAFE_INTEGER]
  const range = { channelId, visibleFrom, below: Number(below), limit: limit + 1 }
  const rows = await pinsBelow(db, range)
  const page = rows.slice(0, limit)
  const last = rows.length > limit ? page.at(-1) : undefined
  const pinned = (await Promise.all(page.map((row) => entryOf(db, row)))).flat()
  const messages = pinned.map(({ message }) => message)
  return {
    pinned,
    ownReactions: await ownReactionsOn(db, actor, { channelId, messages }),
    next: last ? settings.cursors.write(question, [last.version]) : null,
  }
})

async function entryOf(db: Snapshot, row: PinRow) {
  const message = await messageBySeq(db, row.channel_id, row.message_seq)
  return message ? [{ pin: publicPin(row), message: publicMessage(message) }] : []
}
