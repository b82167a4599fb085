import { describe, test } from 'vitest'
import { atEveryDoor, performCall } from '../src/badInput/overDoors.ts'
import { isKept } from '../src/badInput/overKept.ts'
import { forEveryRow, withWorld } from '../src/badInput/table.ts'
import { kept, names } from '../src/badInput/tables/names.ts'

withWorld()

describe('names and avatars [VAL-8]', () =>
  forEveryRow({ rows: atEveryDoor(names), perform: performCall }))

describe('texts that are odd, and kept [VAL-8]', () => {
  for (const row of kept) test(row.name, () => isKept(row))
})
