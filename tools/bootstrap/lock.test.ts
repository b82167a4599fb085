import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { withLock } from './lock.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const heldBy = (pid: number, host = hostname()) => {
  const lock = join(folder, 'lock')
  mkdirSync(lock)
  writeFileSync(join(lock, 'owner'), JSON.stringify({ pid, host }))
  return lock
}

/** No process has this id: it is above what any kernel gives. */
const NOBODY = 2 ** 30

test('two at once take turns, and a failure opens the lock', async () => {
  const lock = join(folder, 'lock')
  const events: string[] = []
  const job = (name: string) => async () => {
    events.push(`${name} in`)
    await turn()
    events.push(`${name} out`)
    throw new Error(name)
  }
  await Promise.allSettled([withLock(lock, job('a')), withLock(lock, job('b'))])
  const first = events[0]?.[0]
  expect(events[1]).toBe(`${first} out`)
  expect(events).toHaveLength(4)
  expect(existsSync(lock)).toBe(false)
})

test('the lock of a dead process is taken over', async () => {
  const lock = heldBy(NOBODY)
  expect(await withLock(lock, async () => 'mine')).toBe('mine')
})

test('many who find a dead lock still enter one by one', async () => {
  const lock = heldBy(NOBODY)
  let inside = 0
  let most = 0
  const work = async () => {
    most = Math.max(most, ++inside)
    await turn()
    inside--
  }
  await Promise.all(Array.from({ length: 8 }, () => withLock(lock, work)))
  expect(most).toBe(1)
})

test('a lock of another machine is respected until it shows no life', async () => {
  const lock = heldBy(NOBODY, 'another-machine')
  let entered = false
  const mine = withLock(lock, async () => {
    entered = true
  })
  for (let i = 0; i < 100; i++) await turn()
  expect(entered).toBe(false)
  utimesSync(lock, 0, 0)
  await mine
  expect(entered).toBe(true)
})
