import { describe } from 'vitest'
import { performFrame } from '../src/badInput/overFrames.ts'
import { performHttp } from '../src/badInput/overHttp.ts'
import { performToken } from '../src/badInput/overTokens.ts'
import { beginEveryRow, forEveryRow, withWorld } from '../src/badInput/table.ts'
import { rawFrames } from '../src/badInput/tables/frames.ts'
import { hellos } from '../src/badInput/tables/hellos.ts'
import { jsonFrames } from '../src/badInput/tables/jsonFrames.ts'
import { SLOW_MS, slow } from '../src/badInput/tables/slow.ts'
import { tokens } from '../src/badInput/tables/tokens.ts'

withWorld()
const slowRows = beginEveryRow({ rows: slow, perform: performHttp, withinMs: SLOW_MS })

describe('tokens [AUTH-1, AUTH-3, AUTH-7, HELLO-7]', () =>
  forEveryRow({ rows: tokens, perform: performToken }))

describe('frames that break the rules of WebSocket [CONN-3, CONN-4, RATE-5]', () =>
  forEveryRow({ rows: rawFrames, perform: performFrame }))

describe('frames that make no sense [CONN-7, REQ-2, REQ-5, HELLO-10]', () =>
  forEveryRow({ rows: jsonFrames, perform: performFrame }))

describe('first frames [HELLO-1, HELLO-2, HELLO-5, HELLO-7]', () =>
  forEveryRow({ rows: hellos, perform: performFrame }))

describe('requests that never end', slowRows)
