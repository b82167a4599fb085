import { unknownId } from '../../names.ts'
import { type CallRow, changing } from '../rows.ts'
import type { World } from '../world.ts'

const good = ({ group, byBob }: World) => ({ channelId: group, messageId: byBob })
const row = changing({
  'thread.follow': good,
  'thread.unfollow': good,
  'thread.read': good,
  'thread.get': good,
  'thread.list': () => ({}),
})

const OF_A_THREAD = ['thread.follow', 'thread.unfollow', 'thread.read', 'thread.get'] as const
const NO_ID: readonly unknown[] = ['0', '-1', 'abc', '1.5', '9223372036854775808', '\u0000']
const NO_SEQ: readonly unknown[] = [-1, 1.5, '1', null, 1e300, [1], {}, true]
const NO_LIMIT: readonly unknown[] = [0, -1, 101, 1.5, 'abc']
const NO_CURSOR: readonly unknown[] = ['', 'evil', 'AAAA.AAAA', '\u0000', 'x'.repeat(513)]

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60)

export const threads: readonly CallRow[] = [
  ...OF_A_THREAD.flatMap((op) => [
    ...NO_ID.map((messageId) => row(op, `the root ${shown(messageId)}`, { messageId })),
    row(op, 'of somebody else', { userId: 'bob' }),
    row(op, 'a root that never was', () => ({ messageId: unknownId() }), {
      expect: 'message.not_found',
    }),
    row(op, 'a root in another channel', ({ foreignMessage: messageId }) => ({ messageId }), {
      expect: 'message.not_found',
    }),
    row(
      op,
      'a thread of others',
      ({ foreign, foreignMessage }) => ({ channelId: foreign, messageId: foreignMessage }),
      { expect: 'channel.not_found' },
    ),
    row(op, 'by a stranger', {}, { by: 'charlie', expect: 'channel.not_found' }),
  ]),
  ...NO_SEQ.map((seq) => row('thread.read', `the seq ${shown(seq)}`, { seq })),
  ...NO_LIMIT.map((limit) => row('thread.list', `the limit ${shown(limit)}`, { limit })),
  ...NO_CURSOR.map((cursor) => row('thread.list', `the cursor ${shown(cursor)}`, { cursor })),
  row('thread.list', 'of somebody else', { userId: 'bob' }),
  ...[...OF_A_THREAD, 'thread.list' as const].flatMap((op) => [
    row(op, 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
