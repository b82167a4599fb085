import { expect, test } from 'vitest'
import { example, places } from './example.ts'

test('what cannot be read is said aloud and hides nothing else', () => {
  using mixed = example({
    'packages/server/src/enum.ts': 'export enum Colour { red }',
    'packages/server/src/fine.ts': 'export const a: number = 1',
    'packages/server/dist/built.js': 'this is not ours',
  })
  expect(places(mixed.tree.unreadable)).toEqual(['packages/server/src/enum.ts:1 syntax'])
  expect(mixed.tree.sources.map(({ path }) => path)).toEqual(['packages/server/src/fine.ts'])
})

test('imports are seen in all their forms, types among them', () => {
  using found = example({
    'packages/server/src/a.ts': `
      import type { A } from 'a'
      import { type B, c } from 'b'
      export type { D } from 'd'
      export * from 'e'
      export type F = { f: import('f').F; not: 'from' }
      const later = () => import('g')`,
  })
  const imports = found.tree.sources.flatMap((source) => source.imports)
  expect(imports.map(({ specifier, typeOnly }) => `${specifier} ${typeOnly}`).sort()).toEqual([
    'a true',
    'b false',
    'd true',
    'e false',
    'f true',
    'g false',
  ])
})
