import { expect, test } from 'vitest'
import { Readiness } from './readiness.ts'

function open(ask: () => Promise<readonly string[]>) {
  const lines: string[] = []
  const due = new Set<() => void>()
  const line = (fields: object, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`)
  const readiness = new Readiness({
    ask,
    timers: {
      nextTurn: (run) => run(),
      after: (_ms, run) => {
        due.add(run)
        return { cancel: () => due.delete(run) }
      },
    },
    limits: { healthMs: 1000, healthEveryMs: 10_000 },
    log: { debug: line, info: line, warn: line, error: line },
  })
  const pass = () => {
    for (const run of [...due]) run()
  }
  return { readiness, lines, pass, due }
}

test('a change stands in the log once, however often somebody asks', async () => {
  let reasons: string[] = []
  const { readiness, lines } = open(async () => reasons)
  for (reasons of [[], [], ['the disk'], ['the disk'], ['the disk', 'the lease'], [], []])
    expect(await readiness.look()).toEqual(reasons)
  expect(lines).toEqual([
    'not ready {"reasons":["the disk"]}',
    'not ready {"reasons":["the disk","the lease"]}',
    'ready again {}',
  ])
})

test('a store that hangs is asked once, and everybody has an answer in time', async () => {
  let asked = 0
  const { readiness, pass, due } = open(() => {
    asked++
    return new Promise(() => undefined)
  })
  const looks = [readiness.look(), readiness.look()]
  pass()
  expect(await Promise.all(looks)).toEqual([
    ['the store does not answer in time'],
    ['the store does not answer in time'],
  ])
  const later = readiness.look()
  pass()
  await later
  expect(asked).toBe(1)
  readiness.stop()
  expect(due.size).toBeGreaterThan(0)
})

test('a store that fails is not ready, and is asked again', async () => {
  let fails = true
  const { readiness } = open(async () => {
    if (fails) throw new Error('gone')
    return []
  })
  expect(await readiness.look()).toEqual(['the store does not answer'])
  fails = false
  expect(await readiness.look()).toEqual([])
})

test('it looks by itself until it is stopped', async () => {
  let asked = 0
  const { readiness, pass, due } = open(async () => {
    asked++
    return []
  })
  readiness.run()
  pass()
  expect(asked).toBe(1)
  readiness.stop()
  await Promise.resolve()
  expect(due.size).toBeLessThan(2)
})
