import { LIMITS } from '@tertulia/protocol'
import { OPCODES, type RawFrame, rawFrame } from '../../doors/rawFrames.ts'
import type { Consequence, FrameRow } from '../rows.ts'

const { more, binary, close, ping, pong } = OPCODES

const closed = (...codes: readonly number[]): Consequence => ({ is: 'closed', codes })

const frames = (name: string, parts: readonly RawFrame[], expect: Consequence): FrameRow => ({
  name,
  phase: 'later',
  bytes: () => Buffer.concat(parts.map(rawFrame)),
  expect,
})

const json = '{"type":"heartbeat"}'
const half = (payload: string | Buffer): RawFrame => ({ payload, fin: false })
const codeOf = (code: number, reason: string | Buffer = ''): Buffer =>
  Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)])

const BAD_UTF8 = [
  ['a byte that is none', [0xff]],
  ['an overlong slash', [0xc0, 0xaf]],
  ['half of a pair', [0xed, 0xa0, 0x80]],
  ['a character above the last one', [0xf4, 0x90, 0x80, 0x80]],
  ['a character that is cut off', [0xe2, 0x82]],
] as const

const protocol: readonly FrameRow[] = [
  frames('an unmasked text', [{ payload: json, masked: false }], closed(1002)),
  frames('an unmasked ping', [{ opcode: ping, masked: false }], closed(1002)),
  ...[1, 2, 3, 4, 7].map((reserved) =>
    frames(`the reserved bits ${reserved}`, [{ payload: json, reserved }], closed(1002)),
  ),
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) =>
    frames(`the opcode ${opcode}`, [{ opcode, payload: json }], closed(1002)),
  ),
  ...[close, ping, pong].flatMap((opcode) => [
    frames(`opcode ${opcode} in fragments`, [{ opcode, fin: false }], closed(1002)),
    frames(
      `opcode ${opcode} with 126 bytes`,
      [{ opcode, payload: Buffer.alloc(126, 97) }],
      closed(1002),
    ),
  ]),
  frames('a fragment that continues nothing', [{ opcode: more, payload: json }], closed(1002)),
  frames('a new text among fragments', [half('{'), { payload: json }], closed(1002)),
  frames('a binary frame among fragments', [half('{'), { opcode: binary }], closed(1002)),
  frames('a binary frame', [{ opcode: binary, payload: json }], closed(1003)),
  frames(
    'a binary frame in fragments',
    [
      { opcode: binary, payload: '{', fin: false },
      { opcode: more, payload: '}' },
    ],
    closed(1003),
  ),
  ...BAD_UTF8.map(([name, bytes]) =>
    frames(`a text with ${name}`, [{ payload: Buffer.from(bytes) }], closed(1007)),
  ),
  frames(
    'UTF-8 that goes wrong across fragments',
    [half(Buffer.from([0xe2])), { opcode: more, payload: 'a' }],
    closed(1007),
  ),
  frames('a close of one byte', [{ opcode: close, payload: 'a' }], closed(1002)),
  ...[0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map((code) =>
    frames(`a close with ${code}`, [{ opcode: close, payload: codeOf(code) }], closed(1002)),
  ),
  frames(
    'a close whose reason is no UTF-8',
    [{ opcode: close, payload: codeOf(1000, Buffer.from([0xff])) }],
    closed(1007),
  ),
]

const whole: readonly FrameRow[] = [
  frames(
    'a request in fragments with a ping between',
    [
      half('{"type":"request","id":7,'),
      { opcode: ping, payload: 'x' },
      { opcode: more, payload: '"op":"channel.list"}' },
    ],
    { is: 'answered', outcome: 'done' },
  ),
]

const big = LIMITS.frameBytes
const sizes: readonly FrameRow[] = [
  frames('a text of one byte too many', [{ payload: 'x'.repeat(big + 1) }], closed(1009, 4413)),
  frames('a length of 2^32 without the bytes', [{ length: 2n ** 32n }], closed(1009)),
  frames('a length of 2^62 without the bytes', [{ length: 2n ** 62n }], closed(1009, 1002)),
  frames('a length above 2^63', [{ length: 2n ** 63n + 1n }], closed(1009, 1002)),
  frames(
    'fragments that sum up to too much',
    [half('x'.repeat(big - 10)), { opcode: more, payload: 'x'.repeat(11) }],
    closed(1009, 4413),
  ),
  frames(
    'a binary frame that is too large',
    [{ opcode: binary, payload: Buffer.alloc(big + 1) }],
    closed(1009, 1003),
  ),
  frames(
    '20,000 empty fragments',
    [half('{'), ...Array<RawFrame>(20_000).fill({ opcode: more, fin: false })],
    closed(1002, 1008, 1009, 4413),
  ),
  frames(
    '20,000 fragments of one byte',
    [half('{'), ...Array<RawFrame>(20_000).fill({ opcode: more, payload: ' ', fin: false })],
    closed(1002, 1008, 1009, 4413),
  ),
]

const flood = (name: string, count: number, frame: RawFrame): FrameRow => ({
  name,
  phase: 'later',
  // One frame many times over: to mask each anew would take longer than to read them.
  bytes: () => Buffer.concat(Array<Buffer>(count).fill(rawFrame(frame))),
  expect: closed(4429),
})

/** More than any of the limits that a run raises. */
const FLOOD = 30_000
const floods: readonly FrameRow[] = [
  flood('a flood of pings', FLOOD, { opcode: ping }),
  flood('a flood of pings with 125 bytes', FLOOD, { opcode: ping, payload: Buffer.alloc(125) }),
  flood('a flood of heartbeats', FLOOD, { payload: json }),
]

/** What breaks the rules of frames ends the connection. */
export const rawFrames: readonly FrameRow[] = [...protocol, ...whole, ...sizes, ...floods]
