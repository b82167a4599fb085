import { either, limit, type Maker, maybe, paged, user } from './wish.ts'
import { custom, draft, sendAt, text } from './words.ts'

/** What is kept for later: drafts, scheduled messages and pins. */
export const keepingWishes: readonly (readonly [number, Maker])[] = [
  [
    5,
    (c, t) => {
      const { channelId, id } = t.message(c)
      const place = { channelId, threadRootId: maybe(c, 0.4, () => id) }
      return c.happens(0.3)
        ? user('draft.delete', place)
        : user('draft.save', { ...place, ...draft(c) })
    },
  ],
  [
    2,
    (c, t) => {
      const channelId = maybe(c, 0.3, () => t.channel(c))
      return user('draft.list', paged(c, t, 'draft.list', { channelId, limit: limit(c) }))
    },
  ],
  [
    5,
    (c, t) => {
      const { channelId, id: messageId } = t.message(c)
      return either(c, c.pick(['message.pin', 'message.pin', 'message.unpin']), {
        channelId,
        messageId,
      })
    },
  ],
  [
    2,
    (c, t) => {
      const wish = { channelId: t.channel(c), limit: limit(c) }
      return either(c, 'message.listPinned', paged(c, t, 'message.listPinned', wish))
    },
  ],
  [
    5,
    (c, t) =>
      user('scheduled.create', {
        channelId: t.channel(c),
        clientId: t.clientId(c),
        sendAt: sendAt(c, t.now),
        text: text(c),
        custom: maybe(c, 0.1, () => custom(c)),
        threadRootId: maybe(c, 0.1, () => t.message(c).id),
        mentions: maybe(c, 0.1, () => [{ kind: 'user', userId: t.user(c), start: 0, length: 1 }]),
      }),
  ],
  [
    6,
    (c, t) => {
      const { place, author } = t.later(c)
      // Mostly by whose it is: all others only hear that it is not there.
      const as = c.happens(0.7) ? author : t.user(c)
      if (c.happens(0.4)) return { ...user('scheduled.cancel', place), as }
      const ifVersion = maybe(c, 0.3, () => c.whole(1, 60))
      const change = {
        ...place,
        ifVersion,
        sendAt: maybe(c, 0.5, () => sendAt(c, t.now)),
        text: maybe(c, 0.5, () => text(c)),
      }
      return { ...user('scheduled.update', change), as }
    },
  ],
  [
    3,
    (c, t) =>
      user(
        'scheduled.list',
        paged(c, t, 'scheduled.list', {
          channelId: maybe(c, 0.3, () => t.channel(c)),
          limit: limit(c),
        }),
      ),
  ],
]
