import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const STORIES = fileURLToPath(new URL('.', import.meta.url))
const SPEC = fileURLToPath(new URL('../../../packages/protocol/SPEC.md', import.meta.url))

const RULE = /\b[A-Z]{2,9}-\d+\b/g

test('every rule that a title quotes stands in SPEC.md', () => {
  const rules = new Set(
    [...readFileSync(SPEC, 'utf8').matchAll(/^- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, rule]) => rule),
  )
  const quoted = readdirSync(STORIES)
    .filter((file) => file.endsWith('.story.test.ts'))
    .flatMap((file) =>
      [...readFileSync(STORIES + file, 'utf8').matchAll(/\[([A-Z][A-Z0-9, -]+)\]/g)].map(
        ([, ids = '']) => ({ file, ids }),
      ),
    )
    .flatMap(({ file, ids }) => [...ids.matchAll(RULE)].map(([rule]) => ({ file, rule })))
  expect(quoted.length).toBeGreaterThan(100)
  expect(quoted.filter(({ rule }) => !rules.has(rule))).toEqual([])
})
