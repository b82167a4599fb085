import { expect, test } from 'vitest'
import { openCore } from '../fixtures/core.ts'
import { StoreAwayError, StoreFullError } from './engine.ts'
import { logOutages } from './outages.ts'

async function openLogged() {
  const core = await openCore()
  const lines: string[] = []
  let now = 0
  const line = (fields: object, message: string) => {
    const { err, ...rest } = fields as { readonly err?: Error }
    lines.push(`${message} ${err?.name ?? JSON.stringify(rest)}`)
  }
  const engine = logOutages(core.engine, {
    log: { debug: line, info: line, warn: line, error: line },
    clock: { monotonic: () => now },
    limits: { healthMs: 1000 },
  })
  const failsWith = async (error: Error, how: 'read' | 'write' = 'read') => {
    await expect(engine[how](() => Promise.reject(error))).rejects.toBe(error)
  }
  const works = (how: 'read' | 'write' = 'read') => engine[how](async () => undefined)
  return {
    lines,
    failsWith,
    works,
    pass: (ms: number) => (now += ms),
    [Symbol.asyncDispose]: () => core[Symbol.asyncDispose](),
  }
}

test('a store that is away is told of once, and that it is back once', async () => {
  await using store = await openLogged()
  const away = new StoreAwayError('away')
  for (let request = 0; request < 50; request++) await store.failsWith(away)
  store.pass(400)
  await store.works()
  await store.failsWith(away)
  store.pass(1600)
  await store.works()
  await store.works()
  expect(store.lines).toEqual(['store away StoreAwayError', 'store back {"failures":51,"ms":2000}'])
})

test('a full store can be read, and has room only when something was written', async () => {
  await using store = await openLogged()
  await store.failsWith(new StoreFullError('full'), 'write')
  store.pass(5000)
  await store.works('read')
  expect(store.lines).toEqual(['store full StoreFullError'])
  await store.works('write')
  expect(store.lines).toHaveLength(2)
})

test('a mistake of an operation is no outage', async () => {
  await using store = await openLogged()
  await store.failsWith(new Error('a mistake'), 'write')
  expect(store.lines).toEqual([])
})
