import { describe } from 'vitest'
import { performHttp } from '../src/badInput/overHttp.ts'
import { forEveryRow, withWorld } from '../src/badInput/table.ts'
import { addresses } from '../src/badInput/tables/addresses.ts'
import { bodies } from '../src/badInput/tables/bodies.ts'
import { envelope } from '../src/badInput/tables/envelope.ts'
import { handshakes, misplacedTokens } from '../src/badInput/tables/handshakes.ts'

withWorld()

describe('types, lengths, chunks, headers and origins [REST-3, REST-5, REST-6]', () =>
  forEveryRow({ rows: envelope, perform: performHttp }))

describe('addresses, queries, first lines and methods [REST-1, REST-2, REST-8]', () =>
  forEveryRow({ rows: addresses, perform: performHttp }))

describe('bodies [REST-3, VAL-1, VAL-10, VAL-11]', () =>
  forEveryRow({ rows: bodies, perform: performHttp }))

describe('handshakes [URL-2, URL-4, URL-5, URL-6]', () =>
  forEveryRow({ rows: handshakes, perform: performHttp }))

describe('tokens where none belong [AUTH-9, AUTH-12]', () =>
  forEveryRow({ rows: misplacedTokens, perform: performHttp }))
