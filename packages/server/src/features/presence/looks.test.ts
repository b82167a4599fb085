import { expect, test } from 'vitest'
import { isNews, type Look, unsent } from './looks.ts'

const look = (as: Look['as'], change: Partial<Look['presence']> = {}): Look => ({
  presence: { userId: 'alice', state: 'offline', lastActiveAt: null, status: null, ...change },
  as,
})
const bye = { lastActiveAt: 60_000, status: { text: 'bye', until: null } }

test('a block of somebody who is offline is no news, nor is its end, nor what is done behind it', () => {
  const told = look('acquainted', bye)
  const hidden = look('blocked', { lastActiveAt: 60_000 })
  expect(isNews(told, hidden)).toBe(false)
  const behind = unsent(told, hidden)
  expect(behind).toEqual({ ...told, as: 'blocked' })
  expect(isNews(behind, look('blocked', { lastActiveAt: 120_000 }))).toBe(false)
  const back = look('acquainted', { lastActiveAt: 180_000 })
  expect(isNews(behind, back)).toBe(false)
  expect(isNews(unsent(behind, back), look('acquainted', bye)), 'a later change').toBe(true)
})

test('another state is news, and so is a channel that is shared now, or no more', () => {
  const hidden = look('blocked', { lastActiveAt: 60_000 })
  expect(isNews(look('acquainted', { state: 'online' }), hidden)).toBe(true)
  expect(isNews(hidden, look('acquainted', { state: 'away' }))).toBe(true)
  expect(isNews(look('stranger'), hidden)).toBe(true)
  expect(isNews(hidden, look('stranger'))).toBe(true)
  expect(isNews(look('acquainted'), look('acquainted', bye))).toBe(true)
})
