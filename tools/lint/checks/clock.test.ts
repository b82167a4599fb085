import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { clock } from './clock.ts'

const FILE = 'packages/server/src/kernel/a.ts'

test.for([
  'Date.now()',
  'new Date()',
  'Math.random()',
  'performance.now()',
  'crypto.randomUUID()',
  'globalThis.setTimeout(f, 1)',
  'setImmediate(f)',
  'const timers = { setInterval }',
  'const signal = AbortSignal.timeout(5)',
  "import { randomBytes } from 'node:crypto'",
  "import { setTimeout } from 'node:timers/promises'",
  'const port = process.env.PORT',
])('%s is found', (line) => {
  using bad = example({ [FILE]: `const f = () => 1\n${line}` })
  expect(places(clock(bad.tree))).toEqual([`${FILE}:2 clock`])
})

test('what is injected, named alike, typed, quoted or commented is fine', () => {
  using good = example({
    [FILE]: [
      'type Timer = ReturnType<typeof setTimeout>',
      'export const a = (clock: { now(): number }) => new Date(clock.now())',
      'export const b = { setTimeout: 1, now: (x: { random(): number }) => x.random() }',
      "import { createHash } from 'node:crypto'",
      "export const c = (timers: Timers) => timers.setTimeout(a, createHash('a')) // Date.now()",
      "export const d = 'Math.random()'",
    ].join('\n'),
  })
  expect(clock(good.tree)).toEqual([])
})

test('adapters, main files, tools and tests touch the real clock; settings have one door', () => {
  using mixed = example({
    'packages/server/src/adapters/clock.ts': 'Date.now()\nprocess.env.HOME',
    'packages/server/src/main.ts': 'Date.now()\nprocess.env.HOME',
    'packages/server/src/a.test.ts': 'Date.now()\nprocess.env.HOME',
    'apps/cli/src/start.ts': 'process.env.HOME',
    'tools/sim/main.ts': 'Math.random()\nprocess.env.HOME',
  })
  expect(places(clock(mixed.tree))).toEqual(['packages/server/src/adapters/clock.ts:2 clock'])
})
