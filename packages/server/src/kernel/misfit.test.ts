import { ChatError } from '@tertulia/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { misfit } from './misfit.ts'

const Order = z.strictObject({
  dish: z.string(),
  guests: z.array(z.strictObject({ name: z.string() })).default([]),
})

function fieldsOf(input: unknown) {
  const { error } = Order.safeParse(input)
  if (!error) throw new Error('The input fits.')
  const refusal = misfit(error)
  expect(refusal).toBeInstanceOf(ChatError)
  expect(refusal.code).toBe('bad_request')
  return refusal.details?.['fields'] as { path: string; message: string }[]
}

test('a field that does not fit is named, not quoted', () => {
  const fields = fieldsOf({ dish: 7, guests: [{ name: 'alice' }, { name: false }] })
  expect(fields.map(({ path }) => path)).toEqual(['dish', 'guests.1.name'])
})

test('unknown fields are named one by one, also further inside', () => {
  expect(
    fieldsOf({ dish: 'soup', desert: 1, wine: 2, guests: [{ name: 'bob', seat: 3 }] }),
  ).toEqual(
    expect.arrayContaining(
      ['desert', 'wine', 'guests.0.seat'].map((path) => ({ path, message: 'unknown field' })),
    ),
  )
})

test('a long name is cut after 64 characters, and never into half of a surrogate pair', () => {
  const [long] = fieldsOf({ dish: 'soup', ['x'.repeat(65)]: 1 })
  expect(long?.path).toBe('x'.repeat(64))
  const [split] = fieldsOf({ dish: 'soup', [`${'x'.repeat(63)}\u{1F600}`]: 1 })
  expect(split?.path).toBe(`${'x'.repeat(63)}\uFFFD`)
})

test('no more than ten faults are told', () => {
  const many = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`extra${at}`, at]))
  expect(fieldsOf({ ...many, dish: 7 })).toHaveLength(10)
})
