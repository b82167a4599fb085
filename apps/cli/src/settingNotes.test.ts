import { readFileSync } from 'node:fs'
import { settingTable } from '@tertulia/server'
import { expect, it } from 'vitest'

const GUIDE = new URL('../../../docs/guides/operate.md', import.meta.url)

it('every setting stands in the guide for operators, with its default', () => {
  const guide = readFileSync(GUIDE, 'utf8')
  for (const { variable, default: value, meaning } of settingTable)
    expect(guide).toContain(`| \`${variable}\` | ${value ? `\`${value}\`` : ''} | ${meaning} |`)
  const named = guide.match(/^\| `TERTULIA_\w+`/gm) ?? []
  expect(named).toHaveLength(settingTable.length)
})
