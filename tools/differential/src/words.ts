import type { Chance } from '@tertulia/sim/chance'

/** Names and texts at which engines and languages are known to differ. */
const AWKWARD = [
  'Ada',
  'ada',
  'ADA',
  'Ädä',
  'ä',
  'a\u0308',
  'Straße',
  'STRASSE',
  'İstanbul',
  'ıstanbul',
  'ΣΊΣΥΦΟΣ',
  'Σίσυφος',
  'Ѩ',
  'ﬁsh',
  'Ⅷ',
  '\u{1D400}lpha',
  '\u{FF21}\u{FF22}',
  '\uE000private',
  '\u{10FFFD}last',
  '👩‍👩‍👧‍👦',
  '🇪🇺',
  'z\u0301\u0302\u0303\u0304',
  '你好世界',
  '東京都',
  'مرحبا',
  'שלום',
  'हिन्दी',
  "O'Brien",
  '"quoted"',
  'back\\slash',
  '100%',
  'under_score',
  '$1',
  '?',
  ':name',
  '--',
  '{}',
  'null',
  'NULL',
  'true',
  '0',
  '-1',
  '1e3',
]

/** What must be refused, or must come back as it was sent. */
const TEXTS = [
  ...AWKWARD,
  'with\nlines\r\nand\ttabs',
  ' spaces around ',
  '\uFEFFmark',
  'a\u0000b',
  '\uD800',
  '',
  ' ',
  '\u200B',
  'x'.repeat(20_480),
  'x'.repeat(20_481),
  'é'.repeat(10_240),
]

const CUSTOMS: readonly unknown[] = [
  {},
  { a: 1 },
  { b: 1, a: 2 },
  { n: 0.1, big: 9007199254740992, small: 5e-324, huge: 1.7976931348623157e308 },
  { n: 1e21, m: 1e-7, i: -9007199254740991 },
  { 'odd key 👍': [null, true, false, [], {}] },
  { text: '\u2028\u2029\u007f\u0001' },
  { $lt: 1, "a'b": '"' },
  null,
  'text',
]

export const name = (chance: Chance): string =>
  chance.happens(0.7)
    ? chance.pick(AWKWARD)
    : chance.pick(AWKWARD) + chance.pick([' ', '', 'x']) + chance.pick(AWKWARD)

export const text = (chance: Chance): string => chance.pick(TEXTS)

export const custom = (chance: Chance): unknown => chance.pick(CUSTOMS)

/** The beginning of a name, cut anywhere a person could stop typing. */
export const prefix = (chance: Chance): string => {
  const points = [...name(chance)]
  return points.slice(0, chance.whole(1, points.length)).join('')
}

/** Mostly soon, so that it comes due while there is somebody to send it; now and then when nothing can be sent. */
export const sendAt = (chance: Chance, now: number): number =>
  now + (chance.happens(0.9) ? chance.whole(1000, 200_000) : chance.pick([-1, 0, 999, 4e10]))

/** One choice about a channel, or none. */
export const arrangement = (chance: Chance): object =>
  chance.pick([
    {},
    { muted: {} },
    { muted: null },
    { pinned: true },
    { pinned: false },
    { hidden: true },
    { hidden: false },
    { archived: true },
    { archived: false },
  ])

export const slowMode = (chance: Chance): object | null =>
  chance.happens(0.4) ? null : { seconds: chance.whole(1, 5), burst: chance.whole(1, 3) }

/** What somebody began to write, or what is no draft. */
export const draft = (chance: Chance): object => ({
  text: chance.happens(0.8) ? text(chance) : undefined,
  custom: chance.happens(0.2) ? custom(chance) : undefined,
  quotedId: chance.happens(0.1) ? '1' : undefined,
  alsoInChannel: chance.happens(0.2) ? true : undefined,
})

/** At which engines may order and compare differently. */
export const EMOJIS = [
  '👍',
  '❤',
  '❤️',
  'a',
  'A',
  'ä',
  'é',
  'e\u0301',
  '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'ß',
  'ss',
  '%',
  '_',
  "'",
]

/** Mostly open, or too much would be refused. */
export const channelState = (chance: Chance): string =>
  chance.happens(0.15) ? chance.pick(['frozen', 'disabled']) : 'open'
