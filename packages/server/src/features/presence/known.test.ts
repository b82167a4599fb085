import { expect, test } from 'vitest'
import { SimulatedTime } from '../../connections/time.suite.ts'
import { Known } from './known.ts'
import type { StateNotice } from './notices.ts'

function open() {
  const time = new SimulatedTime()
  const ground = {
    clock: time,
    timers: time,
    limits: { lastActiveSaveMs: 10_000, lastActiveMs: 60_000 },
  }
  return { time, known: new Known(ground as never) }
}

const notice = (change: Partial<StateNotice>): StateNotice => ({
  kind: 'state',
  uid: '7',
  node: 0,
  turn: 1,
  state: 'online',
  lastActiveAt: null,
  ...change,
})

test('a user is what the most active of their nodes says', () => {
  const { known } = open()
  expect(known.stateOf('7')).toBe('offline')
  known.hear(notice({ node: 0, state: 'away' }))
  known.hear(notice({ node: 1, state: 'online' }))
  expect(known.stateOf('7')).toBe('online')
  known.hear(notice({ node: 1, turn: 2, state: 'offline' }))
  expect(known.stateOf('7')).toBe('away')
  known.hear(notice({ node: 0, turn: 2, state: 'offline' }))
  expect(known.stateOf('7')).toBe('offline')
})

test('the stored choice holds, whatever a node says that has not heard of it', () => {
  const { known } = open()
  known.hear(notice({ lastActiveAt: 60_000 }))
  const none = { status_text: null, status_until: null, shown_text: null, shown_until: null }
  const seenWith = (choice: 'online' | 'away' | 'invisible') =>
    known.seen('alice', {
      uid: '7',
      row: { uid: '7', choice, ...none, last_active_at: null },
      hiddenAt: null,
    })
  expect(seenWith('online')).toMatchObject({ state: 'online', lastActiveAt: null })
  expect(seenWith('away')).toMatchObject({ state: 'away', lastActiveAt: 60_000 })
  expect(seenWith('invisible')).toMatchObject({ state: 'offline', lastActiveAt: 60_000 })
})

test('whom a block hides went offline with the block at the latest', () => {
  const { known } = open()
  const hiddenSince = (hiddenAt: number) =>
    known.seen('alice', { uid: '7', row: undefined, hiddenAt })
  const gone = { userId: 'alice', state: 'offline', status: null }
  expect(hiddenSince(60_000), 'who never was there').toEqual({ ...gone, lastActiveAt: null })
  known.hear(notice({ lastActiveAt: 120_000 }))
  expect(hiddenSince(119_999)).toEqual({ ...gone, lastActiveAt: 60_000 })
  expect(hiddenSince(999_999)).toEqual({ ...gone, lastActiveAt: 120_000 })
})

test('a notice that comes a second time, late, changes nothing', () => {
  const { known } = open()
  known.hear(notice({ turn: 1, state: 'online' }))
  known.hear(notice({ turn: 2, state: 'offline' }))
  known.hear(notice({ turn: 1, state: 'online' }))
  expect(known.stateOf('7')).toBe('offline')
})

test('who is gone is forgotten once the store knows when they were active', async () => {
  const { time, known } = open()
  const seen = { uid: '7', row: undefined, hiddenAt: null }
  known.hear(notice({ turn: 1, lastActiveAt: 60_000 }))
  known.hear(notice({ turn: 2, state: 'offline', lastActiveAt: 120_000 }))
  expect(known.seen('alice', seen)).toMatchObject({ state: 'offline', lastActiveAt: 120_000 })
  await time.pass(20_000)
  expect(known.seen('alice', seen)).toMatchObject({ state: 'offline', lastActiveAt: null })
  expect(time.pendingTimers).toBe(0)
})
