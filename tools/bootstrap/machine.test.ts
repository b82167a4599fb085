import { expect, test } from 'vitest'
import { type Machine, provide } from './machine.js'

function machine({ has = false, root = false, ci = false, offers = true }): Machine {
  let present = has
  return {
    works: () => present,
    mayInstall: root,
    install: async () => {
      present = offers
    },
    isCi: ci,
  }
}

test('a tool that works is used, one that is missing is installed where that is permitted', async () => {
  const ready = { missing: [], verdict: 'ready' }
  expect(await provide(['strace'], machine({ has: true }))).toEqual(ready)
  expect(await provide(['strace'], machine({ root: true }))).toEqual(ready)
  expect(await provide([], machine({}))).toEqual(ready)
})

test('a tool that cannot be had is named; under CI that is a failure', async () => {
  const missing = ['strace']
  expect(await provide(['strace'], machine({}))).toEqual({ missing, verdict: 'skip' })
  expect(await provide(['strace'], machine({ ci: true }))).toEqual({ missing, verdict: 'fail' })
  expect(await provide(['strace'], machine({ root: true, offers: false }))).toEqual({
    missing,
    verdict: 'skip',
  })
})

test('a tool that nobody listed is a mistake in the list of steps', async () => {
  await expect(provide(['abacus'], machine({}))).rejects.toThrow('not listed')
})
