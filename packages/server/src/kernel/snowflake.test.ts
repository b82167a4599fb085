import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdSource, ID_EPOCH_MS } from './snowflake.ts'

const rising = (ids: readonly string[]) =>
  ids.every((id, i) => i === 0 || BigInt(id) > BigInt(ids[i - 1] ?? 0))

test('ids rise whatever the clock does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -100_000, max: 100_000 }), { maxLength: 200 }),
      (steps) => {
        let now = ID_EPOCH_MS + 1_000_000
        const source = createIdSource(3, 0, () => now)
        const ids = steps.map((step) => {
          now += step
          return source.next()
        })
        return rising(ids)
      },
    ),
  )
})

test('a millisecond that is used up is followed by the next one', () => {
  const source = createIdSource(0, 0, () => ID_EPOCH_MS + 5)
  const ids = Array.from({ length: 10_000 }, () => source.next())
  expect(rising(ids)).toBe(true)
  expect(source.highest()).toBe(5 + 2)
})

test('a new holder starts above everything that the one before may have used', () => {
  const before = createIdSource(0, 0, () => ID_EPOCH_MS + 900)
  const last = before.next()
  const after = createIdSource(0, before.highest(), () => ID_EPOCH_MS + 100)
  expect(BigInt(after.next()) > BigInt(last)).toBe(true)
})

test('two nodes never make the same id', () => {
  const ids = [1, 2].flatMap((node) => {
    const source = createIdSource(node, 0, () => ID_EPOCH_MS + 1)
    return Array.from({ length: 5000 }, () => source.next())
  })
  expect(new Set(ids).size).toBe(ids.length)
})
