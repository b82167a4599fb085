import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { size } from './size.ts'

const lines = (count: number) => 'export {}\n'.repeat(count)

test('300 lines pass, 301 warn, 501 fail', () => {
  using mixed = example({
    'packages/server/src/a.ts': lines(300),
    'packages/server/src/b.ts': lines(301),
    'packages/server/src/c.ts': lines(501),
  })
  expect(size(mixed.tree).map(({ file, level }) => `${file} ${level}`)).toEqual([
    'packages/server/src/b.ts warning',
    'packages/server/src/c.ts error',
  ])
})

test('a folder must have a name that says something', () => {
  using bad = example({
    'packages/server/src/utils/time.ts': '',
    'packages/server/src/library/time.ts': '',
  })
  expect(places(size(bad.tree))).toEqual(['packages/server/src/utils/time.ts:1 folders'])
})
