import { expect, test } from 'vitest'
import { type List, Lists } from './lists.ts'

const LISTS: Readonly<Record<string, List>> = {
  alice: new Map([
    ['bob', 'oneWay'],
    ['carol', 'twoWay'],
  ]),
  dave: new Map([['bob', 'twoWay']]),
}

/** Lists whose readings wait until the test lets them go on. */
function open() {
  const waiting: (() => void)[] = []
  const stored = new Map(Object.entries(LISTS))
  const warned: unknown[] = []
  const engine = {
    read: (run: (db: never) => unknown) =>
      new Promise((resolve, reject) => {
        const list = run(undefined as never)
        waiting.push(() => (list instanceof Error ? reject(list) : resolve(list)))
      }),
  }
  const log = {
    debug() {},
    info() {},
    warn: (fields: object) => void warned.push(fields),
    error() {},
  }
  const broken = new Set<string>()
  const lists = new Lists({ engine: engine as never, log }, (_, uid) =>
    broken.has(uid) ? (new Error('away') as never) : ((stored.get(uid) ?? new Map()) as never),
  )
  const settle = async (order: 'first' | 'last' = 'first') => {
    const some = waiting.splice(0)
    if (order === 'last') some.reverse()
    for (const answer of some) {
      answer()
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }
  return { lists, stored, warned, broken, settle }
}

const blockers = (lists: Lists, uid: string) => [...lists.blockersOf(uid).keys()].sort()

test('those who are here are known by whom they block, until the last connection ends', async () => {
  const { lists, settle } = open()
  for (const uid of ['alice', 'alice', 'dave']) lists.came(uid)
  expect(lists.listOf('alice')).toBeNull()
  await settle()
  expect(blockers(lists, 'bob')).toEqual(['alice', 'dave'])
  expect(lists.listOf('alice')?.get('carol')).toBe('twoWay')
  lists.went('alice')
  expect(blockers(lists, 'bob')).toEqual(['alice', 'dave'])
  lists.went('alice')
  expect(blockers(lists, 'bob')).toEqual(['dave'])
  expect(blockers(lists, 'carol')).toEqual([])
  expect(lists.isHere('alice')).toBe(false)
})

test('of two readings the newer one counts, whichever comes first', async () => {
  const { lists, stored, settle } = open()
  lists.came('alice')
  await settle()
  lists.changed('alice')
  stored.set('alice', new Map([['dave', 'oneWay']]))
  lists.changed('alice')
  await settle('last')
  expect(blockers(lists, 'bob')).toEqual([])
  expect(blockers(lists, 'dave')).toEqual(['alice'])
})

test('what comes when somebody has gone is dropped, and a reading that fails is made again', async () => {
  const { lists, broken, warned, settle } = open()
  lists.came('alice')
  lists.went('alice')
  await settle()
  expect(blockers(lists, 'bob')).toEqual([])
  broken.add('alice')
  lists.came('alice')
  await settle()
  expect(warned).toHaveLength(1)
  broken.clear()
  lists.came('alice')
  await settle()
  expect(blockers(lists, 'bob')).toEqual(['alice'])
})
