import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { docs } from './docs.ts'

test('paths in backticks must exist; commands, routes and packages are no paths', () => {
  using mixed = example({
    'README.md': [
      'See `packages/server/src/main.ts`, `packages/server/` and `ARCHITECTURE.md`.',
      'Run `npm test`, ask `/v1/openapi.json`, import `@tertulia/server`, look in `./tertulia-data`.',
      'Features: `packages/server/src/<name>/rules.ts`, line `packages/server/src/main.ts:1`.',
      'Gone: `packages/server/src/gone.ts` and `apps/nowhere/*`.',
    ].join('\n'),
    'ARCHITECTURE.md': '`GLOSSARY.md`',
    'docs/guides/add.md': '`docs/guides/none.md`',
    'docs/decisions/0001-old.md': '`packages/server/src/once.ts`',
    'packages/server/src/main.ts': '',
  })
  expect(places(docs(mixed.tree))).toEqual([
    'ARCHITECTURE.md:1 docs',
    'README.md:4 docs',
    'README.md:4 docs',
    'docs/guides/add.md:1 docs',
  ])
})
