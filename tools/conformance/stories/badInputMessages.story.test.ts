import { describe } from 'vitest'
import { atEveryDoor, performCall } from '../src/badInput/overDoors.ts'
import { forEveryRow, withWorld } from '../src/badInput/table.ts'
import { drafts } from '../src/badInput/tables/drafts.ts'
import { messages } from '../src/badInput/tables/messages.ts'
import { pins } from '../src/badInput/tables/pins.ts'
import { reactions } from '../src/badInput/tables/reactions.ts'
import { receipts } from '../src/badInput/tables/receipts.ts'
import { scheduled } from '../src/badInput/tables/scheduled.ts'
import { ids, types, unknownFields } from '../src/badInput/tables/values.ts'

withWorld()

describe('ids [VAL-2, VAL-9, VIS-6]', () =>
  forEveryRow({ rows: atEveryDoor(ids), perform: performCall }))

describe('values of another type [VAL-3, VAL-5, VAL-11]', () =>
  forEveryRow({ rows: atEveryDoor(types), perform: performCall }))

describe('unknown fields [VAL-5]', () =>
  forEveryRow({ rows: atEveryDoor(unknownFields), perform: performCall }))

describe('messages and custom events [VAL-8, SEND-6, SEND-9, SEND-10, SEND-11, SEND-12]', () =>
  forEveryRow({ rows: atEveryDoor(messages), perform: performCall }))

describe('reactions [REACT-3, REACT-9, REACT-10]', () =>
  forEveryRow({ rows: atEveryDoor(reactions), perform: performCall }))

describe('scheduled messages [SCHED-1, SCHED-2, SCHED-3, SCHED-7]', () =>
  forEveryRow({ rows: atEveryDoor(scheduled), perform: performCall }))

describe('receipts and unread [RCPT-2, UNREAD-5]', () =>
  forEveryRow({ rows: atEveryDoor(receipts), perform: performCall }))

describe('drafts [DRAFT-1, DRAFT-2, DRAFT-3]', () =>
  forEveryRow({ rows: atEveryDoor(drafts), perform: performCall }))

describe('pinned messages [PIN-1, PIN-2, PIN-6]', () =>
  forEveryRow({ rows: atEveryDoor(pins), perform: performCall }))
