import { unknownId } from '../../names.ts'
import { type CallRow, changing, type Wrong } from '../rows.ts'
import type { World } from '../world.ts'

const good = ({ group, byAlice }: World) => ({
  channelId: group,
  messageId: byAlice,
  emoji: '👍',
})
const row = changing({ 'reaction.add': good, 'reaction.remove': good, 'reaction.list': good })

const NO_EMOJI = [
  ' ',
  ' 👍',
  '👍 ',
  '👍\n',
  'a b',
  '\u00a0',
  '\u200b',
  '\u200d',
  '\ufe0f',
  '\u0301',
  '\u3164',
  '\u202e👍',
  '👍\u2066',
  '\u0007',
  '\ue000',
  '\u0000',
  'a\u0000',
  '\ud83d',
  'x'.repeat(65),
  '👍'.repeat(17),
  `e${'\u0301'.repeat(40)}`,
  '__proto__',
  'constructor',
  'prototype',
]

const NO_STRING: readonly unknown[] = [1, true, null, ['👍'], { a: '👍' }]
const NO_SCORE: readonly unknown[] = [0, -1, 51, 1.5, '1', null, 1e300, [1]]

/** An address cannot hold half a character. */
const doorOf = (emoji: string): Wrong => (emoji.isWellFormed() ? {} : { door: 'socket' })

const emojis: readonly CallRow[] = (
  ['reaction.add', 'reaction.remove', 'reaction.list'] as const
).flatMap((op) => [
  ...NO_EMOJI.map((emoji) => row(op, `with ${JSON.stringify(emoji)}`, { emoji }, doorOf(emoji))),
  ...NO_STRING.map((emoji) =>
    row(op, `with the value ${JSON.stringify(emoji)}`, { emoji }, { door: 'socket' }),
  ),
])

export const reactions: readonly CallRow[] = [
  ...emojis,
  ...NO_SCORE.map((score) => row('reaction.add', `a score of ${JSON.stringify(score)}`, { score })),
  row('reaction.add', 'a field more', { more: 1 }, { door: 'socket' }),
  row('reaction.remove', 'a score', { score: 1 }, { door: 'socket' }),
  row('reaction.list', 'a page of nothing', { limit: 0 }),
  row('reaction.list', 'a page of 101', { limit: 101 }),
  row('reaction.list', 'a cursor of nobody', { cursor: 'abc' }),
  ...(['reaction.add', 'reaction.remove', 'reaction.list'] as const).flatMap((op) => [
    row(op, 'a message that never was', () => ({ messageId: unknownId() }), {
      expect: 'message.not_found',
    }),
    row(op, 'a message of another channel', ({ foreignMessage: messageId }) => ({ messageId }), {
      expect: 'message.not_found',
    }),
    row(
      op,
      'a channel of others',
      ({ foreign, foreignMessage }) => ({ channelId: foreign, messageId: foreignMessage }),
      {
        expect: 'channel.not_found',
      },
    ),
  ]),
  ...(['reaction.add', 'reaction.remove'] as const).flatMap((op) => [
    row(op, 'a deleted message', ({ deleted: messageId }) => ({ messageId }), {
      expect: 'message.deleted',
    }),
    row(op, 'for somebody else', ({ ids }) => ({ userId: ids.bob }), { expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'app' }),
    row(op, 'by somebody deactivated', ({ ids }) => ({ userId: ids.erin }), {
      by: 'app',
      expect: 'user.not_found',
    }),
    row(op, 'by a key that reads', ({ ids }) => ({ userId: ids.bob }), {
      by: 'reader',
      expect: 'forbidden',
    }),
    row(op, 'by a stranger', {}, { by: 'charlie', expect: 'channel.not_found' }),
  ]),
]
