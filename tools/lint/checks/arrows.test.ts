import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { arrows } from './arrows.ts'

test('arrows in their direction are fine, and tools and tests hold everything', () => {
  using good = example({
    'packages/protocol/src/index.ts': "import { z } from 'zod'\nexport const a = z",
    'packages/client/src/index.ts':
      "import type { A } from '@tertulia/protocol'\nexport type B = A",
    'packages/server/src/index.ts': "import { a } from '@tertulia/protocol'\nimport './b.ts'\na()",
    'packages/server/src/story.test.ts': "import { b } from '@tertulia/client'\nb()",
    'tools/sim/main.ts': "import '@tertulia/server'\nimport '@tertulia/client'",
  })
  expect(arrows(good.tree)).toEqual([])
})

test('server and client never see each other, not even as types', () => {
  using bad = example({
    'packages/server/src/a.ts': "export const x = 1\nimport type { C } from '@tertulia/client'",
    'packages/client/src/a.ts': "\nimport { createServer } from '@tertulia/server'\ncreateServer()",
    'packages/protocol/src/a.ts': "export type A = import('@tertulia/server').A",
  })
  expect(places(arrows(bad.tree))).toEqual([
    'packages/client/src/a.ts:2 arrows',
    'packages/protocol/src/a.ts:1 arrows',
    'packages/server/src/a.ts:2 arrows',
  ])
})

test('nobody reaches into the files of another package', () => {
  using bad = example({
    'packages/protocol/src/index.ts': 'export const a = 1',
    'tools/sim/one.ts': "import { a } from '../../packages/protocol/src/index.ts'\na()",
    'tools/sim/two.ts': "import { a } from '@tertulia/protocol/src/index.ts'\na()",
    'tools/sim/three.ts': "const later = () => import('../bench/main.ts')\nlater()",
  })
  expect(places(arrows(bad.tree))).toEqual([
    'tools/sim/one.ts:1 arrows',
    'tools/sim/three.ts:1 arrows',
    'tools/sim/two.ts:1 arrows',
  ])
})

test('a new package must be given its place', () => {
  using bad = example({
    'packages/protocol/src/index.ts': '',
    'packages/native/src/index.ts': "import '@tertulia/protocol'",
  })
  expect(arrows(bad.tree)[0]?.message).toContain('has no place among the arrows')
})
