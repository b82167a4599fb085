import type { Chance } from '@tertulia/sim/chance'
import { keepingWishes } from './keepingWishes.ts'
import type { Town } from './town.ts'
import { either, limit, type Maker, maybe, paged, server, user, type Wish } from './wish.ts'
import { arrangement, channelState, custom, EMOJIS, name, prefix, slowMode, text } from './words.ts'

const roles = ['owner', 'moderator', 'member'] as const

const profile = (chance: Chance) => ({
  name: maybe(chance, 0.7, () => name(chance)),
  custom: maybe(chance, 0.3, () => custom(chance)),
  avatar: maybe(chance, 0.1, () => chance.pick([null, 'https://app.example/a.png', 'no address'])),
})

const members = (chance: Chance, town: Town, most: number) =>
  Array.from({ length: chance.whole(0, most) }, () => ({
    userId: town.user(chance),
    role: maybe(chance, 0.15, () => chance.pick(roles)),
  }))

const channelWish = (chance: Chance, town: Town) => ({
  type: chance.pick(['group', 'group', 'public', 'live', 'direct', 'odd']),
  name: maybe(chance, 0.7, () => name(chance)),
  custom: maybe(chance, 0.2, () => custom(chance)),
  history: maybe(chance, 0.3, () => chance.pick(['all', 'sinceJoin'])),
  members: members(chance, town, 4),
})

const around = (chance: Chance) => {
  const seq = chance.whole(0, 60)
  return chance.pick([
    { before: seq },
    { after: seq },
    { around: seq },
    {},
    { before: 1, after: 1 },
  ])
}

const streamCursor = (chance: Chance) =>
  chance.happens(0.15) ? {} : { epoch: chance.happens(0.05) ? 2 : 1, seq: chance.whole(0, 80) }

const makers: readonly (readonly [number, Maker])[] = [
  ...keepingWishes,
  [
    6,
    (c, t) =>
      server('user.upsert', {
        users: Array.from({ length: c.whole(1, 3) }, () => ({
          id: t.user(c),
          ...profile(c),
          privateCustom: maybe(c, 0.1, () => custom(c)),
        })),
      }),
  ],
  [4, (c) => user('user.update', profile(c))],
  [1, (c) => user('privacy.update', { typing: maybe(c, 0.8, () => c.pick([true, false])) })],
  [1, () => user('privacy.get', {})],
  [
    2,
    (c) =>
      user('presence.set', {
        choice: maybe(c, 0.6, () => c.pick(['online', 'away', 'invisible'])),
        status: maybe(c, 0.6, () => c.pick([null, { text: name(c) }])),
      }),
  ],
  [1, () => user('presence.get', {})],
  [2, (c, t) => user('user.block', { userId: t.user(c), mode: c.pick(['oneWay', 'twoWay']) })],
  [2, (c, t) => user('user.unblock', { userId: t.user(c) })],
  [1, (c, t) => user('block.list', paged(c, t, 'block.list', { limit: limit(c) }))],
  [3, (c, t) => either(c, 'user.get', { userId: t.user(c) })],
  [
    10,
    (c, t) =>
      either(
        c,
        'user.query',
        paged(c, t, 'user.query', { name: maybe(c, 0.7, () => prefix(c)), limit: limit(c) }),
      ),
  ],
  [2, (c, t) => either(c, 'user.query', { ids: [t.user(c), t.user(c), t.user(c)] })],
  [1, (c, t) => server('user.deactivate', { userId: t.user(c) })],
  [2, (c, t) => server('user.reactivate', { userId: t.user(c) })],
  [1, (c, t) => server('user.revokeTokens', { userId: t.user(c) })],
  [5, (c, t) => either(c, 'channel.create', { ...channelWish(c, t), clientId: t.clientId(c) })],
  [
    3,
    (c, t) => server('channel.getOrCreate', { ...channelWish(c, t), key: `key-${c.whole(0, 30)}` }),
  ],
  [3, (c, t) => either(c, 'channel.get', { channelId: t.channel(c) })],
  [
    4,
    (c, t) =>
      either(c, 'channel.update', {
        channelId: t.channel(c),
        name: maybe(c, 0.6, () => c.pick([null, name(c)])),
        custom: maybe(c, 0.3, () => custom(c)),
        history: maybe(c, 0.2, () => c.pick(['all', 'sinceJoin'])),
        state: maybe(c, 0.3, () => channelState(c)),
        slowMode: maybe(c, 0.3, () => slowMode(c)),
      }),
  ],
  [1, (c, t) => either(c, 'channel.delete', { channelId: t.channel(c) })],
  [1, (c, t) => either(c, 'channel.truncate', { channelId: t.channel(c), upTo: c.whole(0, 60) })],
  [
    5,
    (c, t) =>
      user(
        'channel.list',
        paged(c, t, 'channel.list', {
          type: maybe(c, 0.2, () => c.pick(['group', 'direct', 'public'])),
          name: maybe(c, 0.3, () => prefix(c)),
          show: maybe(c, 0.5, () => c.pick(['list', 'hidden', 'archived', 'all'])),
          pinned: maybe(c, 0.2, () => c.pick([true, false])),
          limit: limit(c),
        }),
      ),
  ],
  [
    3,
    (c, t) =>
      either(
        c,
        'channel.find',
        paged(c, t, 'channel.find', { name: maybe(c, 0.6, () => prefix(c)), limit: limit(c) }),
      ),
  ],
  [3, (c, t) => user('channel.arrange', { channelId: t.channel(c), ...arrangement(c) })],
  [5, (c, t) => either(c, 'member.add', { channelId: t.channel(c), members: members(c, t, 4) })],
  [3, (c, t) => either(c, 'member.remove', { channelId: t.channel(c), userId: t.user(c) })],
  [
    3,
    (c, t) =>
      either(c, 'member.update', {
        channelId: t.channel(c),
        userId: t.user(c),
        role: c.pick(roles),
      }),
  ],
  [3, (c, t) => user('member.join', { channelId: t.channel(c) })],
  [2, (c, t) => user('member.leave', { channelId: t.channel(c) })],
  [
    4,
    (c, t) =>
      either(c, 'member.list', {
        channelId: t.channel(c),
        role: maybe(c, 0.2, () => c.pick(roles)),
        limit: limit(c),
      }),
  ],
  [
    22,
    (c, t) =>
      either(c, 'message.send', {
        channelId: t.channel(c),
        clientId: t.clientId(c),
        text: text(c),
        custom: maybe(c, 0.1, () => custom(c)),
        quotedId: maybe(c, 0.1, () => t.message(c).id),
        draftVersion: maybe(c, 0.2, () => c.whole(0, 40)),
        author: maybe(c, 0.05, () => t.user(c)),
        silent: maybe(c, 0.1, () => true),
        mentions: maybe(c, 0.1, () => [{ kind: 'user', userId: t.user(c), start: 0, length: 1 }]),
      }),
  ],
  [
    10,
    (c, t) => {
      const { channelId, id: messageId } = t.message(c)
      const wish = { channelId, messageId, emoji: c.pick(EMOJIS) }
      const op = c.pick(['reaction.add', 'reaction.add', 'reaction.remove'])
      return c.happens(0.3) ? server(op, { ...wish, userId: t.user(c) }) : user(op, wish)
    },
  ],
  [
    6,
    (c, t) => {
      const { channelId, id: threadRootId } = t.message(c)
      return either(c, 'message.send', {
        channelId,
        clientId: t.clientId(c),
        text: text(c),
        threadRootId,
        alsoInChannel: maybe(c, 0.3, () => true),
      })
    },
  ],
  [
    4,
    (c, t) => {
      const { channelId, id: messageId } = t.message(c)
      const op = c.pick(['thread.follow', 'thread.unfollow', 'thread.read', 'thread.get'])
      return user(op, { channelId, messageId })
    },
  ],
  [2, (c, t) => user('thread.list', paged(c, t, 'thread.list', { limit: limit(c) }))],
  [
    2,
    (c, t) => {
      const { channelId, id: threadRootId } = t.message(c)
      return either(c, 'message.history', { channelId, threadRootId, limit: limit(c) })
    },
  ],
  [
    5,
    (c, t) =>
      user('receipt.read', {
        channelId: t.channel(c),
        seq: maybe(c, 0.7, () => c.whole(0, 80)),
      }),
  ],
  [3, (c, t) => user('receipt.deliver', { channels: [{ id: t.channel(c), seq: c.whole(0, 80) }] })],
  [3, (c, t) => either(c, 'receipt.list', { channelId: t.channel(c) })],
  [
    2,
    (c, t) => {
      const { channelId, id: messageId } = t.message(c)
      return user('unread.mark', { channelId, messageId })
    },
  ],
  [3, (c, t) => user('unread.explain', { channelId: t.channel(c) })],
  [2, () => user('unread.total', {})],
  [
    2,
    (c, t) => {
      const { channelId, id: messageId } = t.message(c)
      const wish = { channelId, messageId, emoji: maybe(c, 0.3, () => c.pick(EMOJIS)) }
      return either(c, 'reaction.list', paged(c, t, 'reaction.list', { ...wish, limit: limit(c) }))
    },
  ],
  [
    6,
    (c, t) => {
      const { channelId, id, seq } = t.message(c)
      return either(c, 'message.edit', {
        channelId,
        messageId: id,
        text: maybe(c, 0.8, () => text(c)),
        custom: maybe(c, 0.2, () => custom(c)),
        ifVersion: maybe(c, 0.2, () => seq),
      })
    },
  ],
  [
    3,
    (c, t) => {
      const { channelId, id } = t.message(c)
      return either(c, 'message.delete', { channelId, messageId: id })
    },
  ],
  [
    2,
    (c, t) => {
      const { channelId, id } = t.message(c)
      return either(c, 'message.get', { channelId, messageId: id })
    },
  ],
  [
    6,
    (c, t) =>
      either(c, 'message.history', { channelId: t.channel(c), limit: limit(c), ...around(c) }),
  ],
  [
    6,
    (c, t) =>
      user('sync.pull', {
        user: maybe(c, 0.7, () => (c.happens(0.2) ? null : { epoch: 1, seq: c.whole(0, 60) })),
        channels: [...new Set([t.channel(c), t.channel(c)])].map((id) => ({
          id,
          ...streamCursor(c),
        })),
      }),
  ],
]

export const nextWish = (chance: Chance, town: Town): Wish => chance.weighted(makers)(chance, town)
