import { LIMITS } from '@tertulia/protocol'
import { withBody } from '../requests.ts'
import type { HttpRow } from '../rows.ts'

/** A body that would change the own profile, were it JSON in UTF-8 [REST-3, VAL-1, VAL-11]. */
const body = (name: string, content: string | Buffer): HttpRow => ({
  name,
  bytes: ({ tokens }) =>
    withBody({ method: 'PATCH', path: '/v1/users/me', bearer: tokens.alice, body: content }),
  expect: { outcome: 'bad_request' },
})

const named = (bytes: readonly number[]): Buffer =>
  Buffer.concat([Buffer.from('{"name":"x'), Buffer.from(bytes), Buffer.from('"}')])

const renamed = '{"name":"evil"}'

const notJson: readonly HttpRow[] = [
  '{',
  '}',
  '{"name":',
  '{"name":"evil"',
  '{"name":"evil",}',
  '{,"name":"evil"}',
  "{'name':'evil'}",
  '{name:"evil"}',
  '{"name":"evil"}{"name":"b"}',
  '{"name":"evil"} x',
  '// evil\n{"name":"evil"}',
  '{"name":"evil"/* evil */}',
  '{"name":"a\tb"}',
  '{"name":"a\nb"}',
  '{"name":"\\x41"}',
  '{"name":"\\u12"}',
  'name=evil',
  '<name>evil</name>',
  'undefined',
  '\u00a0{"name":"evil"}',
  ')]}\',\n{"name":"evil"}',
].map((content) => body(`the body ${JSON.stringify(content)}`, content))

const notAnObject: readonly HttpRow[] = ['null', '[]', '"x"', '1', 'true', '[{"name":"evil"}]'].map(
  (content) => body(`the body ${content}`, content),
)

const numbers: readonly HttpRow[] = [
  '1e400',
  '-1e400',
  '-0',
  '-0.0',
  '0.1e-400',
  '9007199254740993',
  '-9007199254740993',
  '123456789012345678901234567890',
  'NaN',
  'Infinity',
  '-Infinity',
  '0x10',
  '+1',
  '01',
  '.5',
  '5.',
  '1_000',
  '1e',
  '--1',
].map((number) => body(`the number ${number}`, `{"custom":{"a":${number}}}`))

const keys: readonly HttpRow[] = [
  body('a key twice', '{"name":"a","name":"b"}'),
  body('a key twice, once escaped', '{"name":"a","n\\u0061me":"b"}'),
  body('a key twice further in', '{"custom":{"a":1,"b":[{"c":1,"c":1}]}}'),
  ...['__proto__', 'constructor', 'prototype', '\\u005f_proto__'].flatMap((key) => [
    body(`the key ${key}`, `{"${key}":{"name":"b"}}`),
    body(`the key ${key} in custom`, `{"custom":{"${key}":{"admin":true}}}`),
    body(`the key ${key} in a list`, `{"custom":{"a":[{"${key}":1}]}}`),
  ]),
  body('half of a pair', '{"name":"\\ud800"}'),
  body('the other half of a pair', '{"name":"\\udc00"}'),
  body('a pair the wrong way round', '{"name":"\\udc00\\ud800"}'),
  body('half of a pair in a key', '{"custom":{"\\ud800":1}}'),
  body('50,001 keys', `{${Array.from({ length: 50_001 }, (_, at) => `"k${at}":1`).join(',')}}`),
  body(
    '50,001 keys in custom',
    `{"custom":{${Array.from({ length: 50_001 }, (_, at) => `"k${at}":1`).join(',')}}}`,
  ),
  body('a list of 300,000 items', `{"custom":{"a":[${'1,'.repeat(299_999)}1]}}`),
  body('an unknown key of 200 KB', `{"${'k'.repeat(64)}${'evil'.repeat(50_000)}":1}`),
  body(
    'a key of 200 KB with half of a pair behind it',
    `{"custom":{"${'k'.repeat(64)}${'evil'.repeat(50_000)}":"\\ud800"}}`,
  ),
]

const nested = (levels: number, open: string, close: string): string =>
  `{"custom":{"a":${open.repeat(levels)}${close.repeat(levels)}}}`

const depth: readonly HttpRow[] = [
  body('17 levels', nested(LIMITS.jsonDepth - 1, '[', ']')),
  body('9 levels in custom', nested(LIMITS.customDepth, '[', ']')),
  body('500,000 levels of lists', nested(500_000, '[', ']')),
  body('1,000,000 levels that never end', '['.repeat(1_000_000)),
  body('160,000 levels of objects', '{"a":'.repeat(160_000)),
]

const bytes: readonly HttpRow[] = [
  body('a byte order mark', `\uFEFF${renamed}`),
  body('a byte that is none of UTF-8', named([0xff])),
  body('a byte that only goes on', named([0x80])),
  body('an overlong slash', named([0xc0, 0xaf])),
  body('an overlong NUL', named([0xc0, 0x80])),
  body('half of a pair as three bytes', named([0xed, 0xa0, 0x80])),
  body('a pair as six bytes', named([0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80])),
  body('a character above the last one', named([0xf4, 0x90, 0x80, 0x80])),
  body('five bytes for one character', named([0xf8, 0x88, 0x80, 0x80, 0x80])),
  body(
    'a character that is cut off',
    Buffer.concat([Buffer.from(renamed.slice(0, -2)), Buffer.from([0xe2, 0x82])]),
  ),
  body('UTF-16', Buffer.from(`\uFEFF${renamed}`, 'utf16le')),
  body('UTF-16 without a mark', Buffer.from(renamed, 'utf16le')),
  body('Latin-1', Buffer.from('{"name":"é"}', 'latin1')),
  body('NUL alone', Buffer.alloc(16)),
]

export const bodies: readonly HttpRow[] = [
  ...notJson,
  ...notAnObject,
  ...numbers,
  ...keys,
  ...depth,
  ...bytes,
]
