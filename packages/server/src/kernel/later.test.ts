import { expect, test } from 'vitest'
import { SimulatedTime } from '../connections/time.suite.ts'
import { Later } from './later.ts'

function open() {
  const time = new SimulatedTime()
  const ran: string[] = []
  const later = new Later<string>({
    timers: time,
    clock: time,
    ms: 100,
    run: (one) => ran.push(one),
  })
  return { time, ran, later }
}

test('each is due on its own, with one timer for all', async () => {
  const { time, ran, later } = open()
  later.put('a')
  await time.pass(40)
  later.put('b')
  expect(time.pendingTimers).toBe(1)
  await time.pass(60)
  expect(ran).toEqual(['a'])
  await time.pass(39)
  expect(ran).toEqual(['a'])
  await time.pass(1)
  expect(ran).toEqual(['a', 'b'])
  expect(time.pendingTimers).toBe(0)
})

test('what is put in again is due later, and what is taken out is not', async () => {
  const { time, ran, later } = open()
  for (const one of ['moved', 'gone', 'kept']) later.put(one)
  await time.pass(50)
  later.put('moved')
  later.remove('gone')
  await time.pass(50)
  expect(ran).toEqual(['kept'])
  await time.pass(50)
  expect(ran).toEqual(['kept', 'moved'])
})

test('the last one that is taken out takes the timer along', async () => {
  const { time, ran, later } = open()
  later.put('a')
  later.remove('a')
  expect(later.has('a')).toBe(false)
  expect(time.pendingTimers).toBe(0)
  await time.pass(1000)
  expect(ran).toEqual([])
})

test('what runs may put itself in again', async () => {
  const { time } = open()
  let rounds = 0
  const later: Later<string> = new Later({
    timers: time,
    clock: time,
    ms: 100,
    run: (one) => {
      if (++rounds < 3) later.put(one)
    },
  })
  later.put('a')
  await time.pass(1000)
  expect(rounds).toBe(3)
  expect(time.pendingTimers).toBe(0)
})
