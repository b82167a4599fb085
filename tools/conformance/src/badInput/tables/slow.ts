import { LIMITS } from '@tertulia/protocol'
import { request, withBody } from '../requests.ts'
import type { HttpExpectation, HttpRow } from '../rows.ts'
import type { World } from '../world.ts'

/** The longest patience of the server, and the time until it looks. */
export const SLOW_MS = LIMITS.requestMs + 2000

/** An answer where somebody may wait for one, and the end of the connection in any case. */
const late: HttpExpectation = { outcome: 'request_timeout', closes: true, withinMs: SLOW_MS }

const profile = ({ tokens }: World) => ({
  method: 'PATCH',
  path: '/v1/users/me',
  bearer: tokens.alice,
})

/** Requests that never end. */
export const slow: readonly HttpRow[] = [
  {
    name: 'a connection on which nothing comes',
    bytes: () => '',
    expect: { ...late, outcome: ['hung up', 'request_timeout'] },
  },
  { name: 'half of a first line', bytes: () => 'GET /v1/cha', expect: late },
  {
    name: 'headers that never end',
    bytes: () => 'GET /v1/channels HTTP/1.1\r\nHost: localhost\r\nX-A: ',
    expect: late,
  },
  {
    name: 'a Content-Length larger than the body',
    bytes: (world) => withBody({ ...profile(world), body: '{"name":"evil"}', length: 100 }),
    expect: late,
  },
  {
    name: 'chunks that never end',
    bytes: (world) =>
      withBody({
        ...profile(world),
        length: null,
        headers: [['Transfer-Encoding', 'chunked']],
        body: 'f\r\n{"name":"evil"}\r\n',
      }),
    expect: late,
  },
  {
    name: 'a body that is announced and never comes',
    bytes: (world) =>
      request({ ...profile(world), headers: [['Content-Type', 'application/json']], length: 15 }),
    expect: late,
  },
]
