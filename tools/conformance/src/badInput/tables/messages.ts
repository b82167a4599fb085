import { LIMITS, type OperationName } from '@tertulia/protocol'
import { clientId, unknownId } from '../../names.ts'
import type { Caller, CallRow, Outcome } from '../rows.ts'
import type { World } from '../world.ts'

type Fields = Readonly<Record<string, unknown>>
type With = Fields | ((world: World) => Fields)

const fieldsOf = (more: With, world: World): Fields =>
  typeof more === 'function' ? more(world) : more

interface Case {
  readonly op: OperationName
  readonly good: (world: World) => Fields
}

const send: Case = {
  op: 'message.send',
  good: ({ group }) => ({ channelId: group, clientId: clientId(), text: 'hi' }),
}
const edit: Case = {
  op: 'message.edit',
  good: ({ group, byAlice }) => ({ channelId: group, messageId: byAlice, text: 'other' }),
}
const remove: Case = {
  op: 'message.delete',
  good: ({ group, byAlice }) => ({ channelId: group, messageId: byAlice }),
}
const look: Case = {
  op: 'message.get',
  good: ({ group, byAlice }) => ({ channelId: group, messageId: byAlice }),
}
const tell: Case = { op: 'event.send', good: ({ group }) => ({ channelId: group, name: 'poll.x' }) }

const refused =
  (expect: Outcome, by: Caller = 'alice') =>
  ({ op, good }: Case, name: string, more: With): CallRow => ({
    name,
    op,
    by,
    input: (world) => ({ ...good(world), ...fieldsOf(more, world) }),
    expect,
  })

const bad = refused('bad_request')
const INVISIBLE = [
  '',
  ' ',
  '\n\t ',
  '\u00a0',
  '\u200b',
  '\u200d\u200c',
  '\u2060\ufeff',
  '\u3164',
  '\u115f\u1160',
  '\uffa0',
  '\u2800',
  '\ufe0f',
  '\u{e0020}\u{e007f}',
  '\u{e0100}',
  '\u202e',
  '\u00ad',
  '\u0085\u2028\u2029',
  '\u180e',
  '\u0301',
]

const UNSTORABLE = ['a\u0000b', '\u0000', '\ud800', 'a\udfff', '\udc00\ud800']

const codePoints = (text: string): string =>
  text === ''
    ? 'nothing'
    : [...text]
        .map((one) => `U+${(one.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
        .join(' ')

const texts: readonly CallRow[] = [send, edit].flatMap((one) => [
  ...INVISIBLE.map((text) => bad(one, `a text of ${codePoints(text)}`, { text })),
  ...UNSTORABLE.map((text) => bad(one, `a text with ${codePoints(text)}`, { text })),
  bad(one, 'a text of one byte too many', { text: 'x'.repeat(LIMITS.textBytes + 1) }),
  bad(one, 'a text too long in bytes, not in characters', { text: 'é'.repeat(10_241) }),
  bad(one, 'a text of too many emoji', { text: '🙂'.repeat(5121) }),
  bad(one, 'a text of 60 KB of marks', { text: `a${'\u0301'.repeat(28_000)}` }),
])

const NO_CLIENT_ID = [
  undefined,
  '',
  'x',
  '019A9F2E-8C4B-7D3A-9F10-2B6C5D4E3F21',
  '019a9f2e-8c4b-4d3a-9f10-2b6c5d4e3f21',
  '019a9f2e-8c4b-7d3a-cf10-2b6c5d4e3f21',
  '{019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21}',
  '019a9f2e8c4b7d3a9f102b6c5d4e3f21',
  ' 019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21',
  '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21\n',
  '00000000-0000-0000-0000-000000000000',
  7,
  null,
  [],
]

const clientIds: readonly CallRow[] = [
  ...NO_CLIENT_ID.map((value) =>
    bad(send, `the client id ${JSON.stringify(value)}`, { clientId: value }),
  ),
  refused('message.client_id_reused')(send, 'a client id that sent another text', (world) => ({
    clientId: world.usedForMessage,
  })),
  refused('message.client_id_reused')(send, 'a client id that sent other fields', (world) => ({
    clientId: world.usedForMessage,
    text: 'hello',
    custom: { a: 1 },
  })),
]

const silences: readonly CallRow[] = [
  ...['true', 1, 0, null, []].map((silent) =>
    bad(send, `silent as ${JSON.stringify(silent)}`, { silent }),
  ),
  bad(edit, 'silent', { silent: true }),
  refused('message.client_id_reused')(send, 'a client id that sent it aloud', (world) => ({
    clientId: world.usedForMessage,
    text: 'hello',
    silent: true,
  })),
]

const user = (more: Fields) => (world: World) => ({
  mentions: [{ kind: 'user', userId: world.ids.bob, start: 0, length: 2, ...more }],
})
const channel = { kind: 'channel', start: 0, length: 2 }
const here = { ...channel, kind: 'here' }

const mentions: readonly CallRow[] = [
  ...(
    [
      [{ start: -1 }],
      [{ start: 2 }],
      [{ start: 1 }],
      [{ length: 0 }],
      [{ length: 3 }],
      [{ length: -1 }],
      [{ start: 0.5 }],
      [{ start: '0' }],
      [{ start: 2 ** 53 }],
      [{ length: Number.MAX_SAFE_INTEGER }],
      [{ kind: 'role' }],
      [{ kind: 'User' }],
      [{ kind: '__proto__' }],
      [{ userId: 'a b' }],
      [{ userId: null }],
      [{ more: 1 }],
    ] as const
  ).map(([more]) => bad(send, `a mention with ${JSON.stringify(more)}`, user(more))),
  bad(send, 'a mention of somebody else', ({ ids }) =>
    user({ userId: ids.dave })({ ids } as World),
  ),
  bad(send, 'a mention of nobody', user({ userId: 'nobody' })),
  bad(send, '51 mentions', { mentions: Array(51).fill(channel) }),
  bad(send, 'a mention of the channel with a user', { mentions: [{ ...channel, userId: 'x' }] }),
  bad(edit, 'mentions without a text of their own', ({ ids }) => ({
    text: 'a',
    mentions: [{ kind: 'user', userId: ids.bob, start: 0, length: 2 }],
  })),
  refused('forbidden', 'bob')(send, 'a mention of all, without the right', { mentions: [channel] }),
  bad(send, 'a mention of those who are there with a user', {
    mentions: [{ ...here, userId: 'x' }],
  }),
  bad(send, 'a mention of those who are there outside the text', {
    mentions: [{ ...here, length: 99 }],
  }),
  refused('forbidden', 'bob')(send, 'a mention of those who are there, without the right', {
    mentions: [here],
  }),
]

const deep = (levels: number): unknown => (levels === 0 ? 1 : { a: deep(levels - 1) })

const customs: readonly CallRow[] = [
  bad(send, 'custom fields of 8 KiB and a byte', { custom: { a: 'x'.repeat(LIMITS.customBytes) } }),
  bad(send, 'custom fields of too many bytes, not characters', { custom: { a: 'é'.repeat(4200) } }),
  bad(send, 'custom fields of 9 levels', { custom: deep(LIMITS.customDepth + 1) }),
  bad(send, 'custom fields with NUL', { custom: { a: 'x\u0000' } }),
  bad(send, 'a custom field whose name has NUL', { custom: { 'a\u0000': 1 } }),
  bad(send, 'custom fields with half of a pair', { custom: { a: ['\ud800'] } }),
  bad(edit, 'custom fields of 8 KiB and a byte', { custom: { a: 'x'.repeat(LIMITS.customBytes) } }),
  bad(tell, 'data of 4 KiB and a byte', { data: { a: 'x'.repeat(LIMITS.customEventBytes) } }),
  bad(tell, 'data of 9 levels', { data: deep(LIMITS.customDepth + 1) }),
  bad(tell, 'data with NUL', { data: { a: '\u0000' } }),
  ...['', 'A', '1a', 'a b', 'a/b', '../a', 'a'.repeat(65), 'é', '.a', 'a\n', null, 1].map((name) =>
    bad(tell, `the name ${JSON.stringify(name)}`, { name }),
  ),
]

const elsewhere = ({ foreign }: World) => ({ channelId: foreign })
const foreignMessage = ({ foreignMessage: messageId }: World) => ({ messageId })

/** What is not there, not yours, or not any more what you think it is. */
const things: readonly CallRow[] = [
  ...[send, edit, remove, tell].flatMap((one) => [
    refused('channel.not_found')(one, 'a channel of somebody else', elsewhere),
    refused('channel.not_found')(one, 'a channel that never was', () => ({
      channelId: unknownId(),
    })),
    refused('channel.not_found', 'charlie')(one, 'by somebody outside', {}),
    refused('unauthenticated', 'nobody')(one, 'by nobody', {}),
  ]),
  refused('message.not_found')(send, 'a quote of a message that never was', () => ({
    quotedId: unknownId(),
  })),
  refused('message.not_found')(send, 'a quote of a message elsewhere', (world) => ({
    quotedId: world.foreignMessage,
  })),
  refused('message.not_found')(send, 'a quote of the channel', ({ group }) => ({
    quotedId: group,
  })),
  refused('forbidden')(send, 'in the name of somebody else', ({ ids }) => ({ author: ids.bob })),
  refused('user.not_found', 'app')(send, 'in the name of nobody', { author: 'nobody' }),
  refused('user.not_found', 'app')(send, 'in the name of a deactivated user', ({ ids }) => ({
    author: ids.erin,
  })),
  ...[edit, remove].flatMap((one) => [
    refused('message.not_found')(one, 'a message that never was', () => ({
      messageId: unknownId(),
    })),
    refused('message.not_found')(one, 'a message elsewhere', foreignMessage),
    refused('forbidden', 'bob')(one, 'a message of somebody else', {}),
  ]),
  refused('forbidden')(edit, 'a message of somebody else, by the owner', ({ byBob }) => ({
    messageId: byBob,
  })),
  refused('message.deleted')(edit, 'a deleted message', ({ deleted }) => ({ messageId: deleted })),
  refused('message.version_conflict')(edit, 'a version that was never', { ifVersion: 1 }),
  refused('message.version_conflict')(edit, 'a version of the future', { ifVersion: 2 ** 53 - 1 }),
]

const replies: readonly CallRow[] = [
  bad(send, 'a reply to nothing that stands in the channel too', { alsoInChannel: true }),
  bad(send, 'a reply that stands in the channel perhaps', ({ byBob }) => ({
    threadRootId: byBob,
    alsoInChannel: 'yes',
  })),
  ...['', '0', '-1', 'abc', 5, null, []].map((threadRootId) =>
    bad(send, `a reply to ${JSON.stringify(threadRootId)}`, { threadRootId }),
  ),
  refused('message.not_found')(send, 'a reply to what never was', () => ({
    threadRootId: unknownId(),
  })),
  refused('message.not_found')(send, 'a reply to a message of another channel', (world) => ({
    threadRootId: world.foreignMessage,
  })),
  refused('message.deleted')(send, 'a reply to a tombstone without replies', ({ deleted }) => ({
    threadRootId: deleted,
  })),
]

const looks: readonly CallRow[] = [
  ...['0', '-1', 'abc', '9223372036854775808', '\u0000'].map((messageId) =>
    bad(look, `the message ${JSON.stringify(messageId)}`, { messageId }),
  ),
  refused('message.not_found')(look, 'a message that never was', () => ({
    messageId: unknownId(),
  })),
  refused('message.not_found')(look, 'a message of another channel', (world) => ({
    messageId: world.foreignMessage,
  })),
  refused('channel.not_found')(look, 'a message of others', ({ foreign, foreignMessage }) => ({
    channelId: foreign,
    messageId: foreignMessage,
  })),
  refused('channel.not_found', 'charlie')(look, 'by a stranger', {}),
]

export const messages: readonly CallRow[] = [
  ...looks,
  ...replies,
  ...texts,
  ...clientIds,
  ...silences,
  ...mentions,
  ...customs,
  ...things,
]
