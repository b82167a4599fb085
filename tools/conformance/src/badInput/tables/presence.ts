import { type CallRow, changing } from '../rows.ts'

const nothing = () => ({})
const row = changing({
  'presence.get': nothing,
  'presence.set': nothing,
  'presence.watch': nothing,
  'presence.count': nothing,
})

const NO_CHOICE: readonly unknown[] = ['', 'offline', 'Online', 'evil', 1, true, null, ['online']]

const NO_TEXT: readonly unknown[] = [
  '',
  ' ',
  ' evil',
  'evil ',
  'e\nvil',
  '\u0000',
  'a\u0000',
  '\u200b',
  '\u202eevil',
  '\u2066',
  '\ud83d',
  'x'.repeat(101),
  '🎂'.repeat(101),
  1,
  true,
  null,
  ['evil'],
  {},
]

const NO_TIME: readonly unknown[] = [-1, 0, 1, 1.5, 1e300, '2030', true, [1], {}]

const NO_STATUS: readonly unknown[] = [
  'evil',
  1,
  true,
  [],
  {},
  { until: null },
  { text: 'a', more: 1 },
]

const NO_USERS: readonly unknown[] = [
  null,
  'bob',
  {},
  [1],
  [null],
  [''],
  ['.'],
  ['me'],
  ['b ob'],
  ['x'.repeat(129)],
  ['bob', 'bob'],
  Array.from({ length: 501 }, (_, at) => `user${at}`),
]

const NO_CHANNEL: readonly unknown[] = [null, 1, '', '0', 'evil', ['1'], '9223372036854775808']

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60)

export const presence: readonly CallRow[] = [
  ...NO_CHOICE.map((choice) => row('presence.set', `the choice ${shown(choice)}`, { choice })),
  ...NO_TEXT.map((text) => row('presence.set', `the text ${shown(text)}`, { status: { text } })),
  ...NO_TIME.map((until) =>
    row('presence.set', `until ${shown(until)}`, { status: { text: 'a', until } }),
  ),
  ...NO_STATUS.map((status) => row('presence.set', `the status ${shown(status)}`, { status })),
  row('presence.set', 'of somebody else', { choice: 'away', userId: 'bob' }),
  row('presence.set', 'a state', { state: 'offline' }),
  row('presence.get', 'of somebody else', { userId: 'bob' }),
  row('presence.watch', 'nobody named', {}),
  ...NO_USERS.map((userIds) => row('presence.watch', `the users ${shown(userIds)}`, { userIds })),
  row('presence.watch', 'a field more', { userIds: [], more: 1 }),
  ...NO_CHANNEL.map((channelId) =>
    row('presence.count', `the channel ${shown(channelId)}`, { channelId }),
  ),
  row(
    'presence.count',
    'a channel that never was',
    { channelId: '1' },
    { expect: 'channel.not_found' },
  ),
  row('presence.count', 'a channel of others', ({ foreign }) => ({ channelId: foreign }), {
    expect: 'channel.not_found',
  }),
  ...(['presence.get', 'presence.set'] as const).flatMap((op) => [
    row(op, 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
