import type { OperationName } from '@tertulia/protocol'
import { clientId } from '../../names.ts'
import { type CallRow, raw } from '../rows.ts'
import type { World } from '../world.ts'

type Fields = Readonly<Record<string, unknown>>

/** A good input of an operation, and a field of it that a bad value goes into. */
interface Slot {
  readonly op: OperationName
  readonly field: string
  readonly good: (world: World) => Fields
}

const channelGet: Slot = { op: 'channel.get', field: 'channelId', good: () => ({}) }
const messageDelete: Slot = {
  op: 'message.delete',
  field: 'messageId',
  good: ({ group }) => ({ channelId: group }),
}
const userGet: Slot = { op: 'user.get', field: 'userId', good: () => ({}) }
const memberRemove: Slot = {
  op: 'member.remove',
  field: 'userId',
  good: ({ group }) => ({ channelId: group }),
}
const quote: Slot = {
  op: 'message.send',
  field: 'quotedId',
  good: ({ group }) => ({ channelId: group, clientId: clientId(), text: 'hi' }),
}

const row = (slot: Slot, value: unknown, more: Partial<CallRow> = {}): CallRow => ({
  name: `${slot.field} ${shown(value)}`,
  op: slot.op,
  input: (world) => ({ ...slot.good(world), [slot.field]: value }),
  expect: 'bad_request',
  ...more,
})

function shown(value: unknown): string {
  const text = JSON.stringify(value)
  return text.length > 60 ? `${text.slice(0, 40)}… of ${text.length} characters` : text
}

const NO_ID = [
  ' ',
  'a/b',
  'a b',
  '../x',
  '*',
  '>',
  '%',
  '%2e%2e',
  '🙂',
  'é',
  '\u0000',
  'a\u0000',
  'x\r\ny',
  '..',
  '.',
  "1' OR '1'='1",
  '<b>',
  '{}',
  '1,2',
]

const NO_SNOWFLAKE = [
  ...NO_ID,
  'a.b',
  'null',
  'undefined',
  'NaN',
  'abc',
  '0',
  '00',
  '01',
  '-1',
  '+1',
  '1.0',
  '1e3',
  '0x1f',
  '١٢٣',
  '9223372036854775808',
  '1'.repeat(20),
  '1'.repeat(65),
]

const NO_USER = [...NO_ID, 'x'.repeat(129)]

const NO_STRING: readonly unknown[] = [1, 1.5, true, null, [], ['1'], {}, { toString: '1' }]

/** `me` is a route of its own, and an empty id another address. */
const isOther = (value: string): boolean => value === '' || value === 'me'

/** Ids that no server gives, and values that are no ids [VAL-2, VAL-9, VIS-6]. */
export const ids: readonly CallRow[] = [
  ...[channelGet, messageDelete, quote].flatMap((slot) =>
    NO_SNOWFLAKE.map((value) => row(slot, value)),
  ),
  ...[userGet, memberRemove].flatMap((slot) => NO_USER.map((value) => row(slot, value))),
  ...[channelGet, messageDelete, userGet, memberRemove].flatMap((slot) => [
    ...NO_STRING.map((value) => row(slot, value, { door: 'socket' })),
    row(slot, '', { door: 'socket' }),
    row(slot, '', { door: 'rest', expect: 'not_found' }),
  ]),
  ...NO_STRING.map((value) => row(quote, value)),
  row(userGet, 'me', { door: 'socket' }),
  ...[channelGet, messageDelete].map((slot) =>
    row(slot, '9223372036854775807', {
      expect: slot === channelGet ? 'channel.not_found' : 'message.not_found',
    }),
  ),
].filter(({ name }) => !isOther(name))

const send = (field: string): Slot => ({
  op: 'message.send',
  field,
  good: ({ group }) => ({ channelId: group, clientId: clientId(), text: 'hi' }),
})
const profile = (field: string): Slot => ({ op: 'user.update', field, good: () => ({}) })
const pull = (field: string): Slot => ({ op: 'sync.pull', field, good: () => ({}) })
const edit = (field: string): Slot => ({
  op: 'message.edit',
  field,
  good: ({ group, byAlice }) => ({ channelId: group, messageId: byAlice, text: 'other' }),
})
const create = (field: string): Slot => ({
  op: 'channel.create',
  field,
  good: () => ({ clientId: clientId() }),
})

const NO_SEQ = [
  -1,
  0.5,
  9_007_199_254_740_992,
  1e18,
  '5',
  true,
  [5],
  {},
  raw('9007199254740993'),
  raw('1e400'),
  raw('-0'),
  raw('0.1e-400'),
  raw('NaN'),
  raw('01'),
]

const NO_TEXT = [1, true, [], ['a'], {}, { length: 1 }, null]
const NO_LIST = ['a', 1, true, { length: 1, 0: 'a' }, {}]
const NO_OBJECT = ['a', 1, true, [], [1]]

const wrong = (slot: Slot, values: readonly unknown[]): readonly CallRow[] =>
  values.map((value) => row(slot, value))

const cursor = (more: Fields): CallRow[] =>
  ['user', 'channels'].map((field) => ({
    ...row(pull(field), more),
    input: ({ group }) =>
      field === 'user' ? { user: more } : { channels: [{ id: group, ...more }] },
  }))

/** Values of another type, beyond their bounds, or that two readers read differently [VAL-3, VAL-5, VAL-11]. */
export const types: readonly CallRow[] = [
  ...wrong(edit('ifVersion'), [...NO_SEQ, null]),
  ...wrong(send('text'), NO_TEXT),
  ...wrong(send('author'), [1, null, [], {}, 'a b']),
  ...wrong(send('custom'), [...NO_OBJECT, null]),
  ...wrong(send('mentions'), [...NO_LIST, null]),
  ...wrong(profile('name'), NO_TEXT),
  ...wrong(profile('avatar'), [1, true, [], {}]),
  ...wrong(profile('custom'), NO_OBJECT),
  ...wrong(create('members'), [...NO_LIST, null, [null], ['a'], [[]]]),
  ...wrong(create('type'), [1, null, [], {}, ['group']]),
  ...wrong(create('history'), ['All', 'ALL', ' all', 'all ', 'since_join', '', 1, null, true]),
  ...wrong(pull('channels'), [...NO_LIST, null, [null], ['1'], [[]]]),
  ...[
    { epoch: 1, seq: -1 },
    { epoch: 0, seq: 1 },
    { epoch: -1, seq: 1 },
    { epoch: 1.5, seq: 1 },
    { epoch: 1, seq: 0.5 },
    { epoch: 1, seq: 2 ** 53 },
    { epoch: '1', seq: '1' },
    { epoch: 1, seq: null },
    { epoch: 1, seq: 1, more: 1 },
    { epoch: 1 },
    { seq: 1 },
  ].flatMap(cursor),
]

const unknown = (
  op: OperationName,
  more: string,
  input: CallRow['input'] = () => ({}),
): CallRow => ({
  name: `the unknown field ${more.slice(2, 20)}`,
  op,
  input,
  more,
  expect: 'bad_request',
})

const sent: CallRow['input'] = ({ group }) => ({
  channelId: group,
  clientId: clientId(),
  text: 'hi',
})
const created: CallRow['input'] = () => ({ clientId: clientId() })

/** Fields that are not there, and those that only the server sets [VAL-5]. */
export const unknownFields: readonly CallRow[] = [
  ...[
    ',"id":"1"',
    ',"seq":1',
    ',"createdAt":1',
    ',"kind":"system"',
    ',"attachments":[]',
    ',"attachments":[{"url":"javascript:1"}]',
    ',"parentId":"1"',
    ',"system":{"event":"renamed","name":"x","by":null}',
    ',"reactions":{}',
    ',"TEXT":"a"',
    ',"text ":"a"',
    ',"":1',
  ].map((more) => unknown('message.send', more, sent)),
  ...[',"key":"k"', ',"createdBy":"x"', ',"people":[]', ',"memberCount":1', ',"id":"1"'].map(
    (more) => unknown('channel.create', more, created),
  ),
  ...[
    ',"id":"x"',
    ',"role":"admin"',
    ',"privateCustom":{}',
    ',"deactivatedAt":null',
    ',"custom.a":1',
  ].map((more) => ({ ...unknown('user.update', more, () => ({ name: 'evil' })) })),
  unknown('sync.pull', ',"epoch":1', () => ({ channels: [] })),
  unknown('member.join', ',"role":"owner"', ({ group }) => ({ channelId: group })),
].map((one) =>
  one.op === 'member.join' ? { ...one, more: one.more?.slice(1) ?? '', door: 'rest' } : one,
)
