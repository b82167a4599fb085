import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Installation } from './upkeep.suite.ts'

const installation = new Installation()
const { cli } = installation

describe('migrate', () => {
  it('makes the tables once', async () => {
    const { run, printed } = cli()
    expect(await run('migrate')).toBe(0)
    expect(await run('migrate')).toBe(0)
    expect(printed).toEqual([
      expect.stringMatching(/^\d+ migrations done\.$/),
      expect.stringContaining('already'),
    ])
  })
})

describe('a folder without a store', () => {
  it.each(['check', 'audit', 'backup x.db', 'restore x.db'])(
    'is refused by %s, and stays empty',
    async (words) => {
      const { run, warned } = cli()
      expect(await run(words)).toBe(1)
      expect(warned.join()).toMatch(/There is no (store|file)/)
      expect(existsSync(join(installation.dataDir, 'tertulia.db'))).toBe(false)
    },
  )
})
