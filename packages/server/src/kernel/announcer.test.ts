import { expect, test } from 'vitest'
import type { Announcement, StreamAnnouncement } from '../ports/bus.ts'
import { Announcer } from './announcer.ts'

function opened() {
  const said: string[] = []
  const announcer = new Announcer((one) => {
    if (one.kind === 'event') said.push(`${one.stream} ${one.seq}`)
  })
  const enter = (...slots: string[]) => announcer.enter(slots.map(eventAt))
  return { said, announcer, enter }
}

function eventAt(slot: string): Announcement {
  const [stream = '', seq] = slot.split(' ')
  return { kind: 'event', stream, seq: Number(seq) } as StreamAnnouncement
}

test('what is heard of too early waits for what comes before it in its stream, and only for that', () => {
  const { said, announcer, enter } = opened()
  const first = enter('alice 1', 'bob 1')
  const second = enter('bob 2', 'carol 1')
  const third = enter('carol 2')
  const other = enter('dana 1')
  announcer.settle(third, 'committed')
  announcer.settle(second, 'committed')
  expect(said).toEqual([])
  announcer.settle(other, 'committed')
  expect(said).toEqual(['dana 1'])
  announcer.settle(first, 'committed')
  expect(said).toEqual(['dana 1', 'alice 1', 'bob 1', 'bob 2', 'carol 1', 'carol 2'])
})

test('what was not committed is not told, and holds nobody up', () => {
  const { said, announcer, enter } = opened()
  const lost = enter('alice 1')
  const kept = enter('alice 1')
  announcer.settle(kept, 'committed')
  announcer.settle(lost, 'given up')
  announcer.settle(enter('alice 2'), 'committed')
  expect(said).toEqual(['alice 1', 'alice 2'])
})

test('what is in no stream is told at once', () => {
  const told: Announcement[] = []
  const announcer = new Announcer((one) => void told.push(one))
  const value = { kind: 'disconnect', uid: '1', code: 4401, issuedUntil: null } as const
  announcer.settle(announcer.enter([value]), 'committed')
  expect(told).toEqual([value])
})
