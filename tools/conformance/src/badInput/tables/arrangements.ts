import { type CallRow, changing } from '../rows.ts'

const row = changing({ 'channel.arrange': ({ group }) => ({ channelId: group }) })

const NO_TIME: readonly unknown[] = [-1, 0, 1, 1.5, 1e300, '2030', '', true, [1], {}]
const NO_MUTE: readonly unknown[] = [true, false, 0, 1, 'evil', [], { more: 1 }]
const NO_CHOICE: readonly unknown[] = ['true', '', 1, 0, null, [true], { until: null }]

const shown = (value: unknown): string => JSON.stringify(value)

export const arrangements: readonly CallRow[] = [
  ...NO_TIME.map((until) =>
    row('channel.arrange', `muted until ${shown(until)}`, { muted: { until } }),
  ),
  ...NO_MUTE.map((muted) => row('channel.arrange', `muted as ${shown(muted)}`, { muted })),
  ...(['pinned', 'hidden', 'archived'] as const).flatMap((field) =>
    NO_CHOICE.map((value) =>
      row('channel.arrange', `${field} as ${shown(value)}`, { [field]: value }),
    ),
  ),
  row('channel.arrange', 'the list of somebody else', { pinned: true, userId: 'bob' }),
  row('channel.arrange', 'since when it is pinned', { pinnedAt: 1 }),
  row('channel.arrange', 'up to where it is hidden', { hiddenUpTo: 9 }),
  row('channel.arrange', 'by an app server', { pinned: true }, { by: 'app', expect: 'forbidden' }),
  row(
    'channel.arrange',
    'by a key that reads',
    { pinned: true },
    { by: 'reader', expect: 'forbidden' },
  ),
  row(
    'channel.arrange',
    'by nobody',
    { pinned: true },
    { by: 'nobody', expect: 'unauthenticated' },
  ),
  row(
    'channel.arrange',
    'a channel that never was',
    { channelId: '1' },
    { expect: 'channel.not_found' },
  ),
  row('channel.arrange', 'no channel', { channelId: 'evil' }),
  row(
    'channel.arrange',
    'a channel of others',
    ({ foreign }) => ({ channelId: foreign, archived: true }),
    {
      expect: 'channel.not_found',
    },
  ),
]
