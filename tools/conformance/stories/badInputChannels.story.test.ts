import { describe } from 'vitest'
import { atEveryDoor, performCall } from '../src/badInput/overDoors.ts'
import { forEveryRow, withWorld } from '../src/badInput/table.ts'
import { arrangements } from '../src/badInput/tables/arrangements.ts'
import { blocks } from '../src/badInput/tables/blocks.ts'
import { channels } from '../src/badInput/tables/channels.ts'
import { presence } from '../src/badInput/tables/presence.ts'
import { privacy } from '../src/badInput/tables/privacy.ts'
import { queries } from '../src/badInput/tables/queries.ts'
import { threads } from '../src/badInput/tables/threads.ts'
import { tickets } from '../src/badInput/tables/tickets.ts'

withWorld()

describe('channels, members and users [OP-2, OP-3, VIS-6, VIS-8, VIS-9]', () =>
  forEveryRow({ rows: atEveryDoor(channels), perform: performCall }))

describe('privacy [PRIV-1]', () =>
  forEveryRow({ rows: atEveryDoor(privacy), perform: performCall }))

describe('presence [PRES-1, PRES-5, PRES-6, PRES-7]', () =>
  forEveryRow({ rows: atEveryDoor(presence), perform: performCall }))

describe('blocks [BLOCK-1, BLOCK-2]', () =>
  forEveryRow({ rows: atEveryDoor(blocks), perform: performCall }))

describe('arrangements [ARR-1, ARR-2]', () =>
  forEveryRow({ rows: atEveryDoor(arrangements), perform: performCall }))

describe('threads [THREAD-3, THREAD-5, THREAD-6, THREAD-7]', () =>
  forEveryRow({ rows: atEveryDoor(threads), perform: performCall }))

describe('tickets [AUTH-11]', () =>
  forEveryRow({ rows: atEveryDoor(tickets), perform: performCall }))

describe('queries, cursors and interest [REST-2, REST-9, SYNC-6, SYNC-9, INT-3]', () =>
  forEveryRow({ rows: atEveryDoor(queries), perform: performCall }))
