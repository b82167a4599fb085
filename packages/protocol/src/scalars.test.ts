import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { LIMITS } from './limits.ts'
import {
  Avatar,
  ClientId,
  Custom,
  CustomEventData,
  Id,
  Name,
  NamePrefix,
  Text,
  UserId,
} from './scalars.ts'

interface Cases {
  readonly schema: z.ZodType
  readonly good: Readonly<Record<string, unknown>>
  readonly bad: Readonly<Record<string, unknown>>
}

/** An object in an object, and so on, this many levels in all. */
const nested = (levels: number): unknown => (levels === 1 ? {} : { deeper: nested(levels - 1) })
/** A custom object whose JSON has exactly this many bytes. */
const custom = (bytes: number) => ({ a: 'x'.repeat(bytes - '{"a":""}'.length) })
const fromJson = (text: string): unknown => JSON.parse(text)

const scalars: Readonly<Record<string, Cases>> = {
  Id: {
    schema: Id,
    good: {
      'a snowflake': '726312345678901234',
      one: '1',
      'the highest of 63 bits': '9223372036854775807',
    },
    bad: {
      'a number': 7263,
      zero: '0',
      'a leading zero': '01',
      'a sign': '-1',
      'one above 63 bits': '9223372036854775808',
      'twenty digits': '72631234567890123456',
      'digits of another script': '١٢٣',
      'a line break at the end': '1\n',
    },
  },
  UserId: {
    schema: UserId,
    good: {
      alice: 'alice',
      'every sign that is allowed': 'aZ09._@:+=|-',
      'an address': 'alice@example.com',
      '128 characters': 'a'.repeat(128),
      'three dots': '...',
      'me in other letters': 'Me',
      __proto__: '__proto__',
    },
    bad: {
      nothing: '',
      '129 characters': 'a'.repeat(129),
      me: 'me',
      'a dot': '.',
      'two dots': '..',
      'a space': 'al ice',
      'a slash': 'a/b',
      'a percent sign': 'a%2f',
      'an accent': 'álice',
      'U+0000': 'al\u0000ice',
      'a line break at the end': 'alice\n',
      'a zero width space': 'al\u200Bice',
      null: null,
    },
  },
  ClientId: {
    schema: ClientId,
    good: { 'a UUIDv7': '019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21' },
    bad: {
      'capital letters': '019A9F2E-8C4B-7D3A-9F10-2B6C5D4E3F21',
      'a UUIDv4': '0b5c7c6e-3f58-4f7e-9d64-3c1f1c2d3e4f',
      'another variant': '019a9f2e-8c4b-7d3a-1f10-2b6c5d4e3f21',
      'no hyphens': '019a9f2e8c4b7d3a9f102b6c5d4e3f21',
      braces: '{019a9f2e-8c4b-7d3a-9f10-2b6c5d4e3f21}',
    },
  },
  Name: {
    schema: Name,
    good: {
      Alice: 'Alice',
      'other scripts': 'أليس 爱丽丝 Алиса',
      'a family of emoji, held together by U+200D': '👩‍👩‍👧',
      'a joiner that Persian needs': 'می\u200Cخواهم',
      '128 code points of two units each': '😀'.repeat(128),
      'a space inside': 'Alice Liddell',
      punctuation: '...',
    },
    bad: {
      nothing: '',
      '129 code points': 'a'.repeat(129),
      '129 emoji': '😀'.repeat(129),
      'a space before': ' Alice',
      'a no-break space after': 'Alice\u00A0',
      'spaces only': '   ',
      'a right-to-left override': 'Alice\u202Egpj',
      'an isolate': '\u2066Alice\u2069',
      'a zero width space': 'Al\u200Bice',
      'a byte order mark': 'Al\uFEFFice',
      'a tag character': 'Alice\u{E0041}',
      'only joiners': '\u200D\u200C',
      'a Hangul filler': '\u3164',
      'a Braille blank': '\u2800',
      'only a combining mark that shows nothing': '\u034F',
      'a line break': 'Ali\nce',
      'a line separator': 'Ali\u2028ce',
      'a tab': 'Ali\tce',
      'U+0000': 'Ali\u0000ce',
      'half of a surrogate pair': 'Alice\uD83D',
    },
  },
  NamePrefix: {
    schema: NamePrefix,
    good: { a: 'a', 'a space': ' ' },
    bad: {
      nothing: '',
      'U+0000': 'a\u0000',
      'half of a surrogate pair': '\uDE00',
      '129 units': 'a'.repeat(129),
    },
  },
  Text: {
    schema: Text,
    good: {
      'a word': 'Hi',
      'only an emoji': '🎉',
      'spaces and line breaks around it': '\n  Hi \r\n',
      'right-to-left marks, kept as written': 'abc\u202Edef',
      '20 KiB': 'x'.repeat(20 * 1024),
      '20 KiB of four bytes each': '😀'.repeat(5 * 1024),
    },
    bad: {
      nothing: '',
      'spaces only': ' \n\t ',
      'zero width only': '\u200B\u200B',
      'a Hangul filler': '\u115F',
      '20 KiB + 1': 'x'.repeat(20 * 1024 + 1),
      '20 KiB + 1 of many bytes each': `${'é'.repeat(10 * 1024)}x`,
      'U+0000': 'a\u0000b',
      'a high surrogate alone': 'a\uD800b',
      'a low surrogate alone': '\uDC00',
      'a number': 5,
    },
  },
  Avatar: {
    schema: Avatar,
    good: { https: 'https://app.example.com/a.png?size=2', http: 'http://localhost/a.png' },
    bad: {
      'a script': 'javascript:alert(1)',
      data: 'data:image/png;base64,AAAA',
      'a quote': 'https://a/"onload=',
      'a space': 'https://a/b c',
      'U+0000': 'https://a/\u0000',
      'half of a surrogate pair': 'https://a/\uD800',
      'too long': `https://a/${'x'.repeat(LIMITS.avatarCharacters)}`,
    },
  },
  Custom: {
    schema: Custom,
    good: {
      empty: {},
      'all kinds of values': { text: 'a', number: 1.5, yes: true, no: null, list: [1, 'two', {}] },
      '8 levels': nested(8),
      '8 KiB': custom(8 * 1024),
    },
    bad: {
      'a list': [],
      'a text': 'a',
      null: null,
      '9 levels': nested(9),
      '9 levels of lists': { a: [[[[[[[[]]]]]]]] },
      '8 KiB + 1': custom(8 * 1024 + 1),
      '__proto__ as a key': fromJson('{"__proto__":{"admin":true}}'),
      '__proto__ as a key further inside': fromJson('{"a":[{"__proto__":1}]}'),
      'constructor as a key': { constructor: 1 },
      'prototype as a key': { a: { prototype: {} } },
      'U+0000 in a value': { a: 'b\u0000' },
      'U+0000 in a key': { 'a\u0000': 1 },
      'half of a surrogate pair in a value': { a: ['\uD800'] },
      'half of a surrogate pair in a key': { '\uDC00': 1 },
      'a value that JSON does not know': { a: undefined },
      'a number that JSON does not know': { a: Number.POSITIVE_INFINITY },
    },
  },
  CustomEventData: {
    schema: CustomEventData,
    good: { '4 KiB': custom(4 * 1024) },
    bad: { '4 KiB + 1': custom(4 * 1024 + 1) },
  },
}

describe.each(Object.entries(scalars))('%s', (_name, { schema, good, bad }) => {
  test.each(Object.entries(good))('takes %s, and leaves it as it is', (_what, value) => {
    expect(schema.parse(value)).toEqual(value)
  })

  test.each(Object.entries(bad))('refuses %s', (_what, value) => {
    expect(schema.safeParse(value).success).toBe(false)
  })
})

test('a text is taken exactly when it can be stored, fits and shows something', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const fits = text.isWellFormed() && !text.includes('\u0000') && /\S/.test(text)
      if (Text.safeParse(text).success) expect(fits).toBe(true)
    }),
  )
})

test('what a custom object may hold comes through JSON as it was', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })), (value) => {
      const taken = Custom.safeParse(value)
      if (taken.success)
        expect(JSON.parse(JSON.stringify(taken.data))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

test('a very deep object is refused without running out of stack', () => {
  expect(Custom.safeParse(nested(5000)).success).toBe(false)
})
