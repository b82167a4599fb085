import { afterAll, beforeAll, expect, test } from 'vitest'
import { Ears } from '../ears.ts'
import {
  DEADLINE_MS,
  expectDiscreet,
  expectNoErrorInTheLog,
  expectSameProcess,
  type Stand,
  standsOf,
  stateOf,
} from './harm.ts'
import { closeWorld, openWorld, type World } from './world.ts'

/** Sends one bad request and checks the answer to it. Everything that comes back must be noted by the ears. */
export type Perform<Row> = (row: Row, world: World, ears: Ears) => Promise<void>

interface Named {
  readonly name: string
}

/** The table of a story file: a test for each row, and what holds for all of them. */
export interface Table<Row extends Named> {
  readonly rows: readonly Row[]
  readonly perform: Perform<Row>
  readonly withinMs?: number
}

let stands: readonly Stand[] = []
let before = ''

/** To be called once in a file that has tables. */
export function withWorld(): void {
  beforeAll(async () => {
    const world = await openWorld()
    stands = await standsOf(world)
    before = await stateOf(world, stands)
  })
  afterAll(async () => {
    await closeWorld()
    expectNoErrorInTheLog()
  })
}

export function forEveryRow<Row extends Named>(table: Table<Row>): void {
  haveOwnNames(table)
  for (const row of table.rows) test(row.name, () => run(row, table))
}

/**
 * For rows that wait for the end of the server's patience: all of them begin before the first test of the file, and
 * are waited for where the returned function is called.
 */
export function beginEveryRow<Row extends Named>(table: Table<Row>): () => void {
  const begun = new Map<Row, Promise<unknown>>()
  beforeAll(() => {
    for (const row of table.rows) begun.set(row, run(row, table).then(nothing, returned))
  })
  return () => {
    haveOwnNames(table)
    for (const row of table.rows)
      test(row.name, async () => {
        const error = await begun.get(row)
        if (error !== null) throw error
      })
  }
}

const nothing = (): null => null
const returned = (error: unknown): unknown => error

function haveOwnNames<Row extends Named>({ rows }: Table<Row>): void {
  const names = rows.map(({ name }) => name)
  test('every row has a name of its own', () => {
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
}

async function run<Row extends Named>(row: Row, { perform, withinMs }: Table<Row>): Promise<void> {
  const world = await openWorld()
  const ears = new Ears()
  const start = performance.now()
  await perform(row, world, ears)
  expect(performance.now() - start, 'ms until the answer').toBeLessThan(withinMs ?? DEADLINE_MS)
  expect(ears.count, 'Nothing was listened to').toBeGreaterThan(0)
  expectDiscreet(world, ears)
  const [now] = await Promise.all([stateOf(world, stands), expectSameProcess(world)])
  const was = before
  // Only the row that wrote something is to blame, not those after it.
  before = now
  expect(now, 'Something was written').toBe(was)
}
