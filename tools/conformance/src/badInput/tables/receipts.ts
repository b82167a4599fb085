import { unknownId } from '../../names.ts'
import { type CallRow, changing } from '../rows.ts'

const row = changing({
  'receipt.read': ({ group }) => ({ channelId: group, seq: 1 }),
  'receipt.deliver': ({ group }) => ({ channels: [{ id: group, seq: 1 }] }),
  'receipt.list': ({ group }) => ({ channelId: group }),
  'unread.mark': ({ group, byBob }) => ({ channelId: group, messageId: byBob }),
  'unread.explain': ({ group }) => ({ channelId: group }),
  'unread.total': () => ({}),
})

const NO_SEQ: readonly unknown[] = [-1, 1.5, '1', null, 1e300, [1], {}, true]
const MEMBERS = ['receipt.read', 'receipt.list', 'unread.mark', 'unread.explain'] as const

export const receipts: readonly CallRow[] = [
  ...NO_SEQ.map((seq) => row('receipt.read', `the seq ${JSON.stringify(seq)}`, { seq })),
  ...NO_SEQ.map((seq) =>
    row('receipt.deliver', `the seq ${JSON.stringify(seq)}`, ({ group }) => ({
      channels: [{ id: group, seq }],
    })),
  ),
  row('receipt.deliver', 'no channel', { channels: [] }),
  row('receipt.deliver', 'channels that are none', { channels: {} }),
  row('receipt.deliver', 'a channel twice', ({ group }) => ({
    channels: [
      { id: group, seq: 1 },
      { id: group, seq: 2 },
    ],
  })),
  row('receipt.deliver', '101 channels', {
    channels: Array.from({ length: 101 }, (_, index) => ({ id: String(index + 1), seq: 1 })),
  }),
  row('receipt.deliver', 'a field more', ({ group }) => ({
    channels: [{ id: group, seq: 1, read: 1 }],
  })),
  row('unread.mark', 'a message that never was', () => ({ messageId: unknownId() }), {
    expect: 'message.not_found',
  }),
  row(
    'unread.mark',
    'a message of another channel',
    ({ foreignMessage: messageId }) => ({ messageId }),
    {
      expect: 'message.not_found',
    },
  ),
  ...MEMBERS.flatMap((op) => [
    row(op, 'a channel of others', ({ foreign }) => ({ channelId: foreign }), {
      expect: 'channel.not_found',
    }),
    row(op, 'by a stranger', {}, { by: 'charlie', expect: 'channel.not_found' }),
  ]),
  ...(
    ['receipt.read', 'receipt.deliver', 'unread.mark', 'unread.explain', 'unread.total'] as const
  ).map((op) =>
    row(op, 'by a server, which reads nothing', {}, { by: 'app', expect: 'forbidden' }),
  ),
]
