import { LIMITS, type OperationName } from '@tertulia/protocol'
import { unknownId } from '../../names.ts'
import { type CallRow, type Outcome, raw } from '../rows.ts'
import type { World } from '../world.ts'

type Fields = Readonly<Record<string, unknown>>

const inGroup = ({ group }: World): Fields => ({ channelId: group })
type List = readonly [OperationName, (world: World) => Fields]

const HISTORY: List = ['message.history', inGroup]
const MEMBERS: List = ['member.list', inGroup]
const USERS: List = ['user.query', () => ({})]
const CHANNELS: List = ['channel.list', () => ({})]
const FIND: List = ['channel.find', () => ({})]
const PAGED = [MEMBERS, USERS, CHANNELS, FIND]
const LISTS = [HISTORY, ...PAGED]

const query = ([op, good]: List, more: Fields, rest: Partial<CallRow> = {}): CallRow => ({
  name: shown(more),
  op,
  input: (world) => ({ ...good(world), ...more }),
  expect: 'bad_request',
  ...rest,
})

function shown(fields: Fields): string {
  const text = JSON.stringify(fields)
  return text.length > 70 ? `${text.slice(0, 50)}… of ${text.length} characters` : text
}

const NO_LIMIT = [0, -1, LIMITS.pageItems + 1, 1e9, 1.5]
/** In an address every value is a text; what is a text in a frame is another type. */
const NO_LIMIT_TEXT = ['', 'abc', ' 1', '+1', '0x10', '01', '1e1', '1,2', 'null', '١']
const NO_CURSOR = ['', 'evil', 'eyJldmlsIjoxfQ', 'x'.repeat(513), 'AAAA.AAAA', '../evil', '\u0000']

const limits: readonly CallRow[] = LISTS.flatMap((one) => [
  ...NO_LIMIT.map((limit) => query(one, { limit })),
  ...NO_LIMIT_TEXT.map((limit) => query(one, { limit })),
  ...[true, null, [1], {}].map((limit) => query(one, { limit }, { door: 'socket' })),
  query(one, { offset: 1_000_000_000 }),
  query(one, { page: 2 }),
])

const cursors: readonly CallRow[] = PAGED.flatMap((one) => [
  ...NO_CURSOR.map((cursor) => query(one, { cursor })),
  ...[1, true, [], {}].map((cursor) => query(one, { cursor }, { door: 'socket' })),
])

const filters: readonly CallRow[] = [
  ...[
    { before: 1, after: 1 },
    { before: 1, around: 1 },
    { before: 9, after: 1, around: 5 },
  ].map((more) => query(HISTORY, more)),
  ...['before', 'after', 'around'].flatMap((field) => [
    ...[-1, 1.5, 2 ** 53, 'x', '', '2026-01-01'].map((seq) => query(HISTORY, { [field]: seq })),
    query(HISTORY, { [field]: raw('1e400') }),
  ]),
  ...['name', 'Activity', 'activity,name', '-activity', '', '; DROP TABLE users'].map((sort) =>
    query(CHANNELS, { sort }),
  ),
  ...['Group', '', 'a b', '*', '%', 'x'.repeat(40)].map((type) => query(CHANNELS, { type })),
  ...['List', '', 'none', 'list,all'].map((show) => query(CHANNELS, { show })),
  ...['yes', '', '1', 'True'].map((pinned) => query(CHANNELS, { pinned })),
  ...['admin', 'Owner', '', '*'].map((role) => query(MEMBERS, { role })),
  ...[USERS, CHANNELS, FIND].flatMap((one) => [
    ...['', 'x'.repeat(129), 'a\u0000'].map((name) => query(one, { name })),
    ...[1, null, [], { $gt: '' }, { $regex: '.*' }].map((name) =>
      query(one, { name }, { door: 'socket' }),
    ),
  ]),
  ...[['a b'], ['a', ''], Array.from({ length: 101 }, (_, index) => `u${index}`)].map((ids) =>
    query(USERS, { ids }),
  ),
  query(USERS, { ids: [] }),
  query(CHANNELS, { userId: 'bob' }, { expect: 'forbidden' }),
  query(CHANNELS, {}, { by: 'app', name: 'a list of nobody', expect: 'bad_request' }),
  query(CHANNELS, { userId: 'nobody' }, { by: 'app', expect: 'user.not_found' }),
  query(CHANNELS, { userId: 'a b' }, { by: 'app' }),
]

/** What a database could take for more than a text: it finds nothing, or what really begins so. */
const HARMLESS = [
  '%',
  '_',
  '"',
  "'",
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '\\',
  '*',
  'NEAR(',
  'a:b',
  '-',
  '--',
  '/*',
  '\ufffe',
  '\u202e',
  '\u0301',
  '(a+)+$',
]

const harmless: readonly CallRow[] = [USERS, CHANNELS, FIND].flatMap((one) =>
  HARMLESS.map((name) => query(one, { name }, { expect: 'done' })),
)

const pull = (name: string, channels: (world: World) => unknown, expect: Outcome): CallRow => ({
  name,
  op: 'sync.pull',
  input: (world) => ({ channels: channels(world) }),
  expect,
})

/** Cursors that were never given: a reset or nothing, never what is not one's own [SYNC-6, SYNC-9]. */
const syncs: readonly CallRow[] = [
  pull(
    '201 channels',
    () => Array.from({ length: 201 }, () => ({ id: unknownId() })),
    'bad_request',
  ),
  pull('the same channel twice', ({ group }) => [{ id: group }, { id: group }], 'bad_request'),
  pull('a channel of somebody else', ({ foreign: id }) => [{ id }], 'done'),
  pull(
    'a cursor into a channel of somebody else',
    ({ foreign: id }) => [{ id, epoch: 1, seq: 1 }],
    'done',
  ),
  pull('a channel that never was', () => [{ id: unknownId(), epoch: 1, seq: 5 }], 'done'),
  pull('a message for a channel', ({ byAlice: id }) => [{ id, epoch: 1, seq: 0 }], 'done'),
  pull('a cursor of the future', ({ group: id }) => [{ id, epoch: 1, seq: 2 ** 53 - 1 }], 'done'),
  pull('an epoch of the future', ({ group: id }) => [{ id, epoch: 2 ** 53 - 1, seq: 1 }], 'done'),
  {
    name: 'an own cursor of the future',
    op: 'sync.pull',
    input: () => ({ user: { epoch: 2 ** 53 - 1, seq: 2 ** 53 - 1 } }),
    expect: 'done',
  },
]

const interest = (name: string, channels: (world: World) => unknown, expect: Outcome): CallRow => ({
  ...pull(name, channels, expect),
  op: 'interest.set',
})

const interests: readonly CallRow[] = [
  interest('no channel', () => [], 'bad_request'),
  interest(
    '101 channels',
    () => Array.from({ length: 101 }, () => ({ id: unknownId() })),
    'bad_request',
  ),
  interest(
    '21 in full',
    () => Array.from({ length: 21 }, () => ({ id: unknownId() })),
    'bad_request',
  ),
  interest(
    'the same channel twice',
    ({ group: id }) => [{ id }, { id, interest: 'none' }],
    'bad_request',
  ),
  ...['Full', 'all', '', ' full', null, 1, '__proto__'].map((value) =>
    interest(
      `the interest ${JSON.stringify(value)}`,
      ({ group: id }) => [{ id, interest: value }],
      'bad_request',
    ),
  ),
  interest('a position without its epoch', ({ group: id }) => [{ id, seq: 1 }], 'bad_request'),
  interest('a negative position', ({ group: id }) => [{ id, epoch: 1, seq: -1 }], 'bad_request'),
  interest('a channel of somebody else', ({ foreign: id }) => [{ id, epoch: 1, seq: 1 }], 'done'),
  interest('an epoch of the future', ({ group: id }) => [{ id, epoch: 99, seq: 1 }], 'done'),
  interest('no list', ({ group }) => ({ id: group }), 'bad_request'),
]

export const queries: readonly CallRow[] = [
  ...limits,
  ...cursors,
  ...filters,
  ...harmless,
  ...syncs,
  ...interests,
]
