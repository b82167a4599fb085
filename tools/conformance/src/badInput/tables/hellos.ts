import { LIMITS } from '@tertulia/protocol'
import { helloFrame } from '../../doors/hello.ts'
import { OPCODES, rawFrame } from '../../doors/rawFrames.ts'
import type { Consequence, FrameRow } from '../rows.ts'
import type { World } from '../world.ts'

const closed = (...codes: readonly number[]): Consequence => ({ is: 'closed', codes })
const malformed: Consequence = { is: 'closed', codes: [4400], told: 'bad_request' }

const first = (
  name: string,
  bytes: (world: World) => Buffer,
  expect: Consequence = malformed,
): FrameRow => ({
  name: `first: ${name}`,
  phase: 'first',
  bytes,
  expect,
})

const hello = (name: string, wrong: object, expect: Consequence = malformed): FrameRow =>
  first(
    name,
    ({ tokens }) =>
      rawFrame({ payload: JSON.stringify({ ...helloFrame({ token: tokens.alice }), ...wrong }) }),
    expect,
  )

const channel = (more: object) => ({ channels: [{ id: '1', ...more }] })
const many = (count: number, more: object) => ({
  channels: Array.from({ length: count }, (_, at) => ({ id: String(at + 1), ...more })),
})

/** The first frame is a good hello, or the last one. */
export const hellos: readonly FrameRow[] = [
  ...[
    '',
    'evil',
    '{',
    '[]',
    'null',
    '"hello"',
    '{}',
    '{"type":"auth"}',
    '{"type":"heartbeat"}',
    '{"type":"request","id":1,"op":"channel.list"}',
    '{"type":["hello"]}',
    '{"type":"HELLO"}',
    '['.repeat(30_000),
  ].map((payload) => first(payload.slice(0, 50) || 'nothing', () => rawFrame({ payload }))),
  first('a binary frame', () => rawFrame({ opcode: OPCODES.binary, payload: '{}' }), closed(1003)),
  first('bytes that are no frame', () => Buffer.alloc(64, 0xff), closed(1002)),
  first(
    '33 KB',
    () => rawFrame({ payload: `{"type":"hello","x":"${'x'.repeat(33_000)}"}` }),
    closed(4413),
  ),
  first(
    '65 KB',
    () => rawFrame({ payload: 'x'.repeat(LIMITS.frameBytes + 1) }),
    closed(1009, 4413),
  ),
  hello('protocol 2', { protocol: 2 }, closed(4426)),
  hello('protocol 0', { protocol: 0 }, closed(4426)),
  ...['1', null, [1], true, {}].map((protocol) =>
    hello(`protocol ${JSON.stringify(protocol)}`, { protocol }),
  ),
  ...['', 'x'.repeat(65), 1, null, [], {}].map((device) =>
    hello(`device ${JSON.stringify(device).slice(0, 12)}`, { device }),
  ),
  ...[1, null, [], {}].map((token) => hello(`token ${JSON.stringify(token)}`, { token })),
  ...['x'.repeat(65), 1, null].map((sdk) =>
    hello(`sdk ${JSON.stringify(sdk).slice(0, 12)}`, { sdk }),
  ),
  ...[
    'first',
    1,
    [],
    { epoch: 1 },
    { seq: 1 },
    { epoch: 0, seq: 1 },
    { epoch: 1, seq: -1 },
    { epoch: 1, seq: 0.5 },
    { epoch: 1, seq: 2 ** 53 },
    { epoch: 1, seq: 1, more: 1 },
  ].map((user) => hello(`user ${JSON.stringify(user)}`, { user })),
  ...[
    { interest: 'most' },
    { id: 'x' },
    { id: 1 },
    { id: '01' },
    { seq: 1 },
    { epoch: 1 },
    { epoch: 1, seq: -1 },
    { more: 1 },
  ].map((more) => hello(`a channel with ${JSON.stringify(more)}`, channel(more))),
  hello('channels that are no list', { channels: { length: 1 } }),
  hello('201 channels', many(201, { interest: 'none' })),
  hello('21 channels in full', many(21, { interest: 'full' })),
  hello('the same channel twice', { channels: [{ id: '1' }, { id: '1' }] }),
]
