import { expect, test } from 'vitest'
import { openCore } from '../fixtures/core.ts'
import { readAudit } from './audit.ts'
import { noteConfiguration } from './configuration.ts'

test('a start notes what was set, changed and taken away since the last one', async () => {
  await using core = await openCore()
  const start = (configuration: Record<string, string>) =>
    noteConfiguration(core.engine, core.queue, configuration)
  const told = async () => {
    const rows = await core.engine.read((db) => readAudit(db, 10))
    return rows.map(({ action, details }) => [action, JSON.parse(details)])
  }
  await start({ directory: 'shared', messageBytes: '100' })
  await start({ messageBytes: '100', directory: 'shared' })
  await start({ directory: 'all' })
  expect(await told()).toEqual([
    ['configuration.changed', { directory: 'shared', messageBytes: '100' }],
    ['configuration.changed', { directory: 'all', messageBytes: null }],
  ])
})
