import { helloFrame } from '../../doors/hello.ts'
import { rawFrame } from '../../doors/rawFrames.ts'
import type { Consequence, FrameRow } from '../rows.ts'

const malformed: Consequence = { is: 'closed', codes: [4400], told: 'bad_request' }
const told: Consequence = { is: 'told', code: 'bad_request' }
const ignored: Consequence = { is: 'ignored' }

const says = (payload: string, expect: Consequence = told): FrameRow => ({
  name: payload.length > 80 ? `${payload.slice(0, 40)}… of ${payload.length} characters` : payload,
  phase: 'later',
  bytes: () => rawFrame({ payload }),
  expect,
})

const asks = (rest: string, expect: Consequence = { is: 'answered', outcome: 'bad_request' }) =>
  says(`{"type":"request",${rest}}`, expect)

const objects: readonly FrameRow[] = [
  ...[
    '',
    ' ',
    'evil',
    '{',
    '}',
    '[]',
    '"hello"',
    '7',
    'null',
    'true',
    '{}',
    '{"type":}',
    '\ufeff{"type":"heartbeat"}',
    '{"type":"heartbeat"}{"type":"heartbeat"}',
    '{"type":"heartbeat",}',
    "{'type':'heartbeat'}",
  ].map((one) => says(one)),
  ...[
    '1',
    'null',
    'true',
    '[]',
    '["heartbeat"]',
    '{}',
    '{"a":1}',
    '""',
    '" heartbeat"',
    '"Heartbeat"',
    '"__proto__"',
    '"toString"',
    '"constructor"',
    '"welcome"',
    '"event"',
    '"response"',
    '"bye"',
    '"error"',
    '"subscribe"',
    `"${'evil'.repeat(1000)}"`,
  ].map((type) => says(`{"type":${type}}`)),
  ...[
    '{"type":"heartbeat","more":1}',
    '{"type":"heartbeat","type":"heartbeat"}',
    '{"type":"heartbeat","__proto__":{}}',
    '{"TYPE":"heartbeat"}',
    '{"type":"heartbeat","a":"\\ud800"}',
  ].map((one) => says(one)),
  says('['.repeat(30_000)),
  says('{"a":'.repeat(10_000)),
  says(`{"type":"heartbeat","a":${'['.repeat(17)}${']'.repeat(17)}}`),
  says(`{${Array.from({ length: 6000 }, (_, at) => `"k${at}":1`).join(',')}}`),
  says('{"type":"heartbeat"}', ignored),
  says(' \n{"type":"heartbeat"}\n ', ignored),
]

const requests: readonly FrameRow[] = [
  ...[
    '',
    '"id":null,',
    '"id":"7",',
    '"id":-1,',
    '"id":7.5,',
    '"id":[7],',
    '"id":{},',
    '"id":true,',
    '"id":9007199254740992,',
    '"id":1e400,',
    '"id":"__proto__",',
  ].map((id) => asks(`${id}"op":"channel.list","data":{}`, told)),
  ...[
    '"id":7',
    '"id":7,"op":null',
    '"id":7,"op":1',
    '"id":7,"op":["channel.list"]',
    '"id":7,"op":{}',
    '"id":7,"op":""',
    `"id":7,"op":"${'x'.repeat(65)}"`,
    '"id":7,"op":"CHANNEL.LIST"',
    '"id":7,"op":"channel.list "',
    '"id":7,"op":"__proto__"',
    '"id":7,"op":"constructor"',
    '"id":7,"op":"toString"',
    '"id":7,"op":"user.upsert"',
    '"id":7,"op":"channel.getOrCreate"',
    '"id":7,"op":"ticket.create"',
    '"id":7,"op":"message.created"',
  ].map((rest) => asks(rest)),
  ...['null', '[]', '"{}"', '1', 'true'].map((data) =>
    asks(`"id":7,"op":"channel.list","data":${data}`),
  ),
  asks('"id":7,"op":"channel.list","data":{},"more":1'),
  asks('"id":7,"op":"channel.list","data":{},"token":"evil"'),
  asks('"id":7,"op":"channel.list","op":"channel.find"'),
  asks('"id":7,"op":"channel.list","data":{"__proto__":{}}'),
  asks('"id":7,"op":"channel.list","data":{"name":"\\ud800"}'),
  asks('"id":7,"op":"session.renew","data":{"token":"evil"}', {
    is: 'answered',
    outcome: 'unauthenticated',
  }),
  asks('"id":7,"op":"session.renew","data":{"token":""}'),
  asks('"id":7,"op":"session.renew","data":{}'),
  {
    name: 'ten frames without sense',
    phase: 'later',
    bytes: () => Buffer.concat(Array<Buffer>(10).fill(rawFrame({ payload: 'evil' }))),
    expect: malformed,
  },
  {
    name: 'a token of somebody else for the session',
    phase: 'later',
    bytes: ({ tokens }) =>
      rawFrame({
        payload: JSON.stringify({
          type: 'request',
          id: 7,
          op: 'session.renew',
          data: { token: tokens.bob },
        }),
      }),
    expect: { is: 'closed', codes: [4403] },
  },
  {
    name: 'a second hello, of somebody else',
    phase: 'later',
    bytes: ({ tokens }) => rawFrame({ payload: JSON.stringify(helloFrame({ token: tokens.bob })) }),
    expect: told,
  },
]

/** Of a frame that gets no answer only the form is told. */
const signals: readonly FrameRow[] = [
  ...[
    '',
    '"channel":"1"',
    '"active":true',
    '"channel":1,"active":true',
    '"channel":"0","active":true',
    '"channel":"evil","active":true',
    '"channel":"@me","active":true',
    '"channel":null,"active":true',
    '"channel":["1"],"active":true',
    '"channel":"9223372036854775808","active":true',
    '"channel":"1","active":"true"',
    '"channel":"1","active":1',
    '"channel":"1","active":null',
    '"channel":"1","active":true,"user":"bob"',
    '"channel":"1","active":true,"users":[]',
    '"channel":"1","active":true,"id":7',
  ].map((rest) => says(`{"type":"typing"${rest && `,${rest}`}}`)),
  says('{"type":"typing","channel":"1","active":true}', ignored),
  says('{"type":"active","more":1}'),
  says('{"type":"active","active":true}'),
  says('{"type":"active"}', ignored),
  {
    name: 'typing in a channel of others, and in one that is not watched',
    phase: 'later',
    bytes: ({ foreign, group }) =>
      Buffer.concat(
        [foreign, group].map((channel) =>
          rawFrame({ payload: JSON.stringify({ type: 'typing', channel, active: true }) }),
        ),
      ),
    expect: ignored,
  },
]

/** What makes no sense is told, and the connection goes on. */
export const jsonFrames: readonly FrameRow[] = [...objects, ...requests, ...signals]
