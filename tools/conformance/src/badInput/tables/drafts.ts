import { clientId, unknownId } from '../../names.ts'
import { type CallRow, changing } from '../rows.ts'

const row = changing({
  'draft.save': ({ group }) => ({ channelId: group, text: 'not yet' }),
  'draft.delete': ({ group }) => ({ channelId: group }),
  'draft.list': () => ({}),
  'message.send': ({ group }) => ({ channelId: group, clientId: clientId(), text: 'written' }),
})

const ON_A_PLACE = ['draft.save', 'draft.delete'] as const
const NO_ID: readonly unknown[] = ['0', '-1', 'abc', '1.5', '9223372036854775808', '\u0000']
const NO_TEXT: readonly unknown[] = [null, 1, ['a'], {}, 'a\u0000b', '\uD800', 'x'.repeat(20_481)]
const NO_CUSTOM: readonly unknown[] = [null, 'a', [], { constructor: 1 }, { a: 'x'.repeat(8192) }]
const NO_MENTION: readonly unknown[] = [
  null,
  'bob',
  [{ kind: 'user', userId: 'bob', start: 0, length: 9 }],
  [{ kind: 'user', userId: 'bob', start: -1, length: 1 }],
  [{ kind: 'user', userId: 'bob', start: 0, length: 0 }],
  [{ kind: 'everybody', start: 0, length: 1 }],
  Array.from({ length: 51 }, () => ({ kind: 'channel', start: 0, length: 1 })),
]
const NO_LIMIT: readonly unknown[] = [0, -1, 101, 1.5, 'abc']
const NO_CURSOR: readonly unknown[] = ['', 'evil', 'AAAA.AAAA', '\u0000', 'x'.repeat(513)]

const NO_VERSION: readonly unknown[] = [-1, 1.5, '1', null, [1], {}, true]

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60)

export const drafts: readonly CallRow[] = [
  ...ON_A_PLACE.flatMap((op) => [
    ...NO_ID.map((threadRootId) => row(op, `the root ${shown(threadRootId)}`, { threadRootId })),
    row(op, 'of somebody else', { userId: 'bob' }),
    row(op, 'a channel that never was', () => ({ channelId: unknownId() }), {
      expect: 'channel.not_found',
    }),
    row(op, 'a channel of others', ({ foreign }) => ({ channelId: foreign }), {
      expect: 'channel.not_found',
    }),
    row(op, 'by a stranger', {}, { by: 'charlie', expect: 'channel.not_found' }),
  ]),
  ...NO_TEXT.map((text) => row('draft.save', `the text ${shown(text)}`, { text })),
  ...['', ' ', '\n\t', '\u200B'].map((text) =>
    row('draft.save', `nothing but ${shown(text)}`, { text }),
  ),
  ...NO_CUSTOM.map((custom) => row('draft.save', `the custom fields ${shown(custom)}`, { custom })),
  ...NO_MENTION.map((mentions) =>
    row('draft.save', `the mentions ${shown(mentions)}`, { mentions }),
  ),
  ...NO_ID.map((quotedId) => row('draft.save', `the quote ${shown(quotedId)}`, { quotedId })),
  row('draft.save', 'in the channel too, without a thread', { alsoInChannel: true }),
  row('draft.save', 'a version of its own', { version: 1 }),
  row('draft.save', 'a root that never was', () => ({ threadRootId: unknownId() }), {
    expect: 'message.not_found',
  }),
  row(
    'draft.save',
    'a root in another channel',
    ({ foreignMessage }) => ({ threadRootId: foreignMessage }),
    {
      expect: 'message.not_found',
    },
  ),
  row(
    'draft.delete',
    'a root in another channel, of which there is no draft',
    ({ foreignMessage }) => ({ threadRootId: foreignMessage }),
    {
      expect: 'done',
    },
  ),
  ...NO_LIMIT.map((limit) => row('draft.list', `the limit ${shown(limit)}`, { limit })),
  ...NO_CURSOR.map((cursor) => row('draft.list', `the cursor ${shown(cursor)}`, { cursor })),
  ...NO_ID.map((channelId) => row('draft.list', `the channel ${shown(channelId)}`, { channelId })),
  ...NO_VERSION.map((draftVersion) =>
    row('message.send', `the version of a draft ${shown(draftVersion)}`, { draftVersion }),
  ),
  row(
    'message.send',
    'a draft by an app server',
    { draftVersion: 1 },
    { by: 'app', expect: 'forbidden' },
  ),
  row('draft.list', 'of somebody else', { userId: 'bob' }),
  ...[...ON_A_PLACE, 'draft.list' as const].flatMap((op) => [
    row(op, 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
