import { clientId, unknownId } from '../../names.ts'
import { type CallRow, changing } from '../rows.ts'
import type { World } from '../world.ts'

const DAY = 86_400_000

/** When these rows are made; a test runs them within minutes. */
const now = Date.now()

const place = ({ group }: World) => ({ channelId: group, clientId: clientId() })
const row = changing({
  'scheduled.create': (world) => ({ ...place(world), sendAt: now + DAY, text: 'later' }),
  'scheduled.list': () => ({}),
  'scheduled.update': place,
  'scheduled.cancel': place,
})

const OF_ONE = ['scheduled.create', 'scheduled.update', 'scheduled.cancel'] as const
const SAID = ['scheduled.create', 'scheduled.update'] as const
const NO_ID: readonly unknown[] = ['0', '-1', 'abc', '9223372036854775808', '\u0000']
const NO_CLIENT_ID: readonly unknown[] = [
  'evil',
  '00000000-0000-0000-0000-000000000000',
  '019A9F2E-8C4B-7D3A-9F10-2B6C5D4E3F21',
  '019a9f2e-8c4b-4d3a-9f10-2b6c5d4e3f21',
]
const NO_TIME: readonly unknown[] = [-1, 1.5, 1e300, '2030', null, '', true, [1], {}]
/** In the past, at this moment, in ten years. */
const NOT_THEN: readonly number[] = [0, 1, now - DAY, now, now + 366 * DAY, now + 3653 * DAY]
const NO_TEXT: readonly unknown[] = ['', ' ', '\u200b', 'a\u0000', 5, {}, 'x'.repeat(20_481)]
const NO_MENTIONS: readonly unknown[] = [
  'alice',
  [{ kind: 'user', start: 0, length: 1 }],
  [{ kind: 'channel', start: 0, length: 0 }],
  [{ kind: 'odd', start: 0, length: 1 }],
  Array.from({ length: 51 }, () => ({ kind: 'channel', start: 0, length: 1 })),
]
const NO_LIMIT: readonly unknown[] = [0, -1, 101, 1.5, 'abc']
const NO_CURSOR: readonly unknown[] = ['', 'evil', 'AAAA.AAAA', '\u0000', 'x'.repeat(513)]

const shown = (value: unknown): string => JSON.stringify(value).slice(0, 60)

const content: readonly CallRow[] = [
  ...SAID.flatMap((op) => [
    ...NO_TIME.map((sendAt) => row(op, `at ${shown(sendAt)}`, { sendAt })),
    ...NO_TEXT.map((text) => row(op, `the text ${shown(text)}`, { text })),
    ...NO_MENTIONS.map((mentions) => row(op, `mentions ${shown(mentions)}`, { mentions })),
    row(op, 'too much of its own', { custom: { a: 'x'.repeat(8192) } }),
    row(op, 'a state', { state: { is: 'waiting' } }),
    row(op, 'a version', { version: 1 }),
    row(op, 'an author', { author: 'bob' }),
  ]),
  ...NOT_THEN.map((sendAt) => row('scheduled.create', `at the time ${sendAt}`, { sendAt })),
  row('scheduled.create', 'a mention of a stranger', ({ ids }) => ({
    mentions: [{ kind: 'user', userId: ids.charlie, start: 0, length: 1 }],
  })),
  row('scheduled.create', 'a mention behind the text', ({ ids }) => ({
    mentions: [{ kind: 'user', userId: ids.bob, start: 4, length: 9 }],
  })),
  row('scheduled.create', 'no reply that stands in the channel', { alsoInChannel: true }),
  row('scheduled.create', 'a quote of nothing', () => ({ quotedId: unknownId() }), {
    expect: 'message.not_found',
  }),
  row(
    'scheduled.create',
    'a reply to what others said elsewhere',
    ({ foreignMessage }) => ({
      threadRootId: foreignMessage,
    }),
    { expect: 'message.not_found' },
  ),
  row('scheduled.create', 'a reply to a tombstone', ({ deleted }) => ({ threadRootId: deleted }), {
    expect: 'message.deleted',
  }),
  row('scheduled.create', 'what was sent', ({ usedForMessage }) => ({ clientId: usedForMessage }), {
    expect: 'message.client_id_reused',
  }),
  row('scheduled.create', 'a channel of others', ({ foreign }) => ({ channelId: foreign }), {
    expect: 'channel.not_found',
  }),
  row('scheduled.create', 'a channel that never was', () => ({ channelId: unknownId() }), {
    expect: 'channel.not_found',
  }),
  row('scheduled.create', 'by a stranger', {}, { by: 'charlie', expect: 'channel.not_found' }),
  row('scheduled.update', 'since no version', { ifVersion: -1 }),
]

export const scheduled: readonly CallRow[] = [
  ...content,
  ...OF_ONE.flatMap((op) => [
    ...NO_ID.map((channelId) => row(op, `the channel ${shown(channelId)}`, { channelId })),
    ...NO_CLIENT_ID.map((key) => row(op, `the client id ${shown(key)}`, { clientId: key })),
    row(op, 'of somebody else', { userId: 'bob' }),
  ]),
  ...(['scheduled.update', 'scheduled.cancel'] as const).flatMap((op) => [
    row(op, 'what never was', {}, { expect: 'scheduled.not_found' }),
    row(op, 'what was sent', ({ usedForMessage }) => ({ clientId: usedForMessage }), {
      expect: 'scheduled.sent',
    }),
    row(op, 'what somebody else sent', ({ usedForMessage }) => ({ clientId: usedForMessage }), {
      by: 'bob',
      expect: 'scheduled.not_found',
    }),
  ]),
  ...NO_ID.map((channelId) => row('scheduled.list', `of ${shown(channelId)}`, { channelId })),
  ...NO_LIMIT.map((limit) => row('scheduled.list', `the limit ${shown(limit)}`, { limit })),
  ...NO_CURSOR.map((cursor) => row('scheduled.list', `the cursor ${shown(cursor)}`, { cursor })),
  row('scheduled.list', 'of somebody else', { userId: 'bob' }),
  ...[...OF_ONE, 'scheduled.list' as const].flatMap((op) => [
    row(op, 'by an app server', {}, { by: 'app', expect: 'forbidden' }),
    row(op, 'by a key that reads', {}, { by: 'reader', expect: 'forbidden' }),
    row(op, 'by nobody', {}, { by: 'nobody', expect: 'unauthenticated' }),
  ]),
]
