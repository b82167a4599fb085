import { LIMITS, type OperationName } from '@tertulia/protocol'
import { clientId } from '../../names.ts'
import { type CallRow, type KeptRow, raw } from '../rows.ts'
import type { World } from '../world.ts'

interface Slot {
  readonly op: OperationName
  readonly good: (world: World) => Readonly<Record<string, unknown>>
}

const SLOTS: readonly Slot[] = [
  { op: 'user.update', good: () => ({}) },
  { op: 'channel.create', good: () => ({ clientId: clientId() }) },
  { op: 'channel.update', good: ({ group }) => ({ channelId: group }) },
]

/** Names that nobody can see, that look like others by what cannot be seen, or that turn the text around them. */
const NO_NAME: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['a space', ' '],
  ['a space in front', ' admin'],
  ['a space behind', 'admin '],
  ['a hard space behind', 'admin\u00a0'],
  ['an ideographic space behind', 'admin\u3000'],
  ['a zero width space inside', 'ad\u200bmin'],
  ['a zero width space behind', 'admin\u200b'],
  ['a word joiner inside', 'ad\u2060min'],
  ['a byte order mark inside', 'ad\ufeffmin'],
  ['a soft hyphen inside', 'ad\u00admin'],
  ...[
    0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c,
  ].map((code) => [`U+${code.toString(16)} inside`, `a${String.fromCodePoint(code)}b`] as const),
  ...[
    0x00, 0x07, 0x09, 0x0a, 0x0d, 0x1b, 0x7f, 0x85, 0x9b, 0x2028, 0x2029, 0x180e, 0xfff9, 0x1d173,
    0xe0001, 0xe0041,
  ].map((code) => [`U+${code.toString(16)} inside`, `a${String.fromCodePoint(code)}b`] as const),
  ...[0x3164, 0x2800, 0x115f, 0xffa0, 0xfe0f, 0xe0020, 0x0301, 0x200d, 0x200c].map(
    (code) => [`only U+${code.toString(16)}`, String.fromCodePoint(code)] as const,
  ),
  ['half of a pair', 'a\ud800'],
  ['half of a pair in front', '\udc00a'],
  ['129 letters', 'x'.repeat(LIMITS.nameCharacters + 1)],
  ['129 emoji', '🙂'.repeat(LIMITS.nameCharacters + 1)],
  ['10,000 marks', `a${'\u0301'.repeat(10_000)}`],
]

const AVATARS = [
  '',
  'evil',
  '//evil.example/a.png',
  '/a.png',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'java\nscript:alert(1)',
  'data:image/svg+xml,<svg/>',
  'file:///etc/evil',
  'ftp://evil.example/a',
  'https://',
  ' https://evil.example/a',
  'https://evil.example/a b',
  'https://evil.example/"onload="',
  "https://evil.example/'",
  'https://evil.example/<script>',
  'https://evil.example\\@good.example',
  'https://evil.example/\u0000',
  'https://evil.example/\ud800',
  'https://evil.example/\n',
  `https://evil.example/${'x'.repeat(5000)}`,
]

export const names: readonly CallRow[] = [
  ...SLOTS.flatMap(({ op, good }) =>
    NO_NAME.map(
      ([name, value]): CallRow => ({
        name: `a name with ${name}`,
        op,
        input: (world) => ({ ...good(world), name: value }),
        expect: 'bad_request',
      }),
    ),
  ),
  ...AVATARS.map(
    (avatar): CallRow => ({
      name: `the avatar ${JSON.stringify(avatar).slice(0, 60)}`,
      op: 'user.update',
      input: () => ({ avatar }),
      expect: 'bad_request',
    }),
  ),
  {
    name: 'a name that is half of a pair, as bytes in the address',
    op: 'user.query',
    door: 'rest',
    input: () => ({ name: raw('%ED%A0%80') }),
    expect: 'bad_request',
  },
]

/** Odd, and no mistake: kept to the last byte, on every engine [VAL-8]. */
export const kept: readonly KeptRow[] = [
  { name: 'non-characters', text: 'a\ufffe\uffff\u{1ffff}\ufdd0b' },
  { name: 'private use', text: 'a\ue000\u{f0000}b' },
  { name: 'characters that are not given yet', text: 'a\u0378\u{e0fff}b' },
  { name: 'a replacement character', text: '\ufffd?' },
  { name: 'the decomposed form', text: 'Ame\u0301lie' },
  { name: 'the composed form', text: 'Am\u00e9lie' },
  { name: 'direction marks', text: 'a \u202eb\u202c \u2066c\u2069' },
  { name: 'tag characters', text: '🏴\u{e0067}\u{e0062}\u{e007f}' },
  { name: 'zero width joiners', text: '👩‍👩‍👧‍👦'.repeat(800) },
  { name: 'a letter under 10,000 marks', text: `a${'\u0301'.repeat(10_000)}` },
  { name: 'the widest character, 5,000 times', text: '\ufdfd'.repeat(5000) },
  { name: 'control characters', text: 'a\u0001\u0007\u001b[31m\u007f\u0085b' },
  { name: 'line ends of all kinds', text: 'a\r\nb\rc\nd\u2028e\u2029f' },
  { name: 'white space around', text: '  \n a \t ' },
  { name: 'markup', text: '<script>alert(1)</script> & "quotes" \'and\' `ticks`' },
  { name: 'what a database could read', text: "'; DROP TABLE messages; -- %_\\ $1 ? :a @b" },
  { name: 'what a formatter could read', text: '%s %n %x {0} $(7) {{7*7}} #{1}' },
  { name: 'a mention of all that is only text', text: '@all @everyone @channel' },
  { name: 'a text of exactly the limit', text: 'x'.repeat(LIMITS.textBytes) },
]
