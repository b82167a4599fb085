import type { Caller, CallRow, Outcome } from '../rows.ts'

interface Wrong {
  readonly by?: Caller
  readonly expect?: Outcome
}

const row = (name: string, input: object, { expect, ...wrong }: Wrong = {}): CallRow => ({
  name,
  op: 'channel.arrange',
  input: ({ group }) => ({ channelId: group, ...input }),
  expect: expect ?? 'bad_request',
  ...wrong,
})

const NO_TIME: readonly unknown[] = [-1, 0, 1, 1.5, 1e300, '2030', '', true, [1], {}]
const NO_MUTE: readonly unknown[] = [true, false, 0, 1, 'evil', [], { more: 1 }]
const NO_CHOICE: readonly unknown[] = ['true', '', 1, 0, null, [true], { until: null }]

const shown = (value: unknown): string => JSON.stringify(value)

export const arrangements: readonly CallRow[] = [
  ...NO_TIME.map((until) => row(`muted until ${shown(until)}`, { muted: { until } })),
  ...NO_MUTE.map((muted) => row(`muted as ${shown(muted)}`, { muted })),
  ...(['pinned', 'hidden', 'archived'] as const).flatMap((field) =>
    NO_CHOICE.map((value) => row(`${field} as ${shown(value)}`, { [field]: value })),
  ),
  row('the list of somebody else', { pinned: true, userId: 'bob' }),
  row('since when it is pinned', { pinnedAt: 1 }),
  row('up to where it is hidden', { hiddenUpTo: 9 }),
  row('by an app server', { pinned: true }, { by: 'app', expect: 'forbidden' }),
  row('by a key that reads', { pinned: true }, { by: 'reader', expect: 'forbidden' }),
  row('by nobody', { pinned: true }, { by: 'nobody', expect: 'unauthenticated' }),
  row('a channel that never was', { channelId: '1' }, { expect: 'channel.not_found' }),
  row('no channel', { channelId: 'evil' }),
  {
    ...row('a channel of others', {}, { expect: 'channel.not_found' }),
    input: ({ foreign }) => ({ channelId: foreign, archived: true }),
  },
]
