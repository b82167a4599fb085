import { unknownId } from '../../names.ts'
import { type CallRow, changing } from '../rows.ts'
import type { World } from '../world.ts'

const good = ({ group, byBob }: World) => ({ channelId: group, messageId: byBob })
const row = changing({
  'message.pin': good,
  'message.unpin': good,
  'message.listPinned': ({ group }) => ({ channelId: group }),
})

const OF_A_MESSAGE = ['message.pin', 'message.unpin'] as const
const ALL = [...OF_A_MESSAGE, 'message.listPinned'] as const
const NO_ID: readonly unknown[] = ['0', '-1', 'abc', '1.5', '9223372036854775808', '\u0000']
const NO_LIMIT: readonly unknown[] = [0, -1, 101, 1.5, 'abc']
const NO_CURSOR: readonly unknown[] = ['', 'evil', 'AAAA.AAAA', '\u0000', 'x'.repeat(513)]

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60)

export const pins: readonly CallRow[] = [
  ...OF_A_MESSAGE.flatMap((op) => [
    ...NO_ID.map((messageId) => row(op, `the message ${shown(messageId)}`, { messageId })),
    row(op, 'a message that never was', () => ({ messageId: unknownId() }), {
      expect: 'message.not_found',
    }),
    row(op, 'a message in another channel', ({ foreignMessage: messageId }) => ({ messageId }), {
      expect: 'message.not_found',
    }),
    row(
      op,
      'a message of others',
      ({ foreign, foreignMessage }) => ({ channelId: foreign, messageId: foreignMessage }),
      { expect: 'channel.not_found' },
    ),
    row(op, 'by a plain member', {}, { by: 'bob', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
  ]),
  row('message.pin', 'a tombstone', ({ deleted: messageId }) => ({ messageId }), {
    expect: 'message.deleted',
  }),
  row('message.unpin', 'a tombstone', ({ deleted: messageId }) => ({ messageId }), {
    expect: 'done',
  }),
  ...NO_LIMIT.map((limit) => row('message.listPinned', `the limit ${shown(limit)}`, { limit })),
  ...NO_CURSOR.map((cursor) =>
    row('message.listPinned', `the cursor ${shown(cursor)}`, { cursor }),
  ),
  ...ALL.flatMap((op) => [
    row(op, 'in whose name', { by: 'bob' }),
    row(op, 'a channel that never was', () => ({ channelId: unknownId() }), {
      expect: 'channel.not_found',
    }),
    row(op, 'by a stranger', {}, { by: 'charlie', expect: 'channel.not_found' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
