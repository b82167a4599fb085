import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { cycles } from './cycles.ts'

test('a ring of imports is found once, with its way round', () => {
  using bad = example({
    'packages/server/src/a.ts': "import { b } from './b.ts'\nexport const a = () => b",
    'packages/server/src/b.ts': "import { c } from './c/c.ts'\nexport const b = () => c",
    'packages/server/src/c/c.ts': "// c\nimport { a } from '../a.ts'\nexport const c = () => a",
  })
  const found = cycles(bad.tree)
  expect(places(found)).toEqual(['packages/server/src/c/c.ts:2 cycles'])
  expect(found[0]?.message).toContain('src/a.ts -> packages/server/src/b.ts -> packages')
})

test('two ways to the same file are no ring, nor is a ring of types', () => {
  using good = example({
    'packages/server/src/a.ts': "import { b } from './b.ts'\nimport { c } from './c.ts'\nb(c)",
    'packages/server/src/b.ts': "import { c } from './c.ts'\nexport const b = () => c",
    'packages/server/src/c.ts': "import type { b } from './b.ts'\nexport const c: typeof b = null!",
  })
  expect(cycles(good.tree)).toEqual([])
})
