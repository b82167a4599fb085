import { expect, test } from 'vitest'
import { example, places } from '../example.ts'
import { features } from './features.ts'

const SRC = 'packages/server/src'

test('createServer joins, features meet at their index, tests may look anywhere', () => {
  using good = example({
    [`${SRC}/createServer.ts`]: "import { features } from './features/index.ts'\nfeatures()",
    [`${SRC}/features/index.ts`]: "export { messages } from './messages/messages.ts'",
    [`${SRC}/features/messages/messages.ts`]:
      "import { memberOf } from '../members/index.ts'\nimport './messages.store.ts'\nmemberOf()",
    [`${SRC}/features/messages/messages.test.ts`]: "import '../members/members.store.ts'",
    [`${SRC}/kernel/handle.ts`]: "import '../ports/clock.ts'",
    'packages/protocol/src/messages.ts': "import { Id } from './scalars.ts'\nId()",
  })
  expect(features(good.tree)).toEqual([])
})

test('machinery that imports a feature is told the way out', () => {
  using bad = example({
    [`${SRC}/kernel/handle.ts`]: "import type { M } from '../features/messages/index.ts'",
    [`${SRC}/main.ts`]: "\nimport '../src/features/index.ts'",
    'packages/client/src/store/state.ts': "import '../features/messages/index.ts'",
  })
  const found = features(bad.tree)
  expect(places(found)).toEqual([
    'packages/client/src/store/state.ts:1 features',
    `${SRC}/kernel/handle.ts:1 features`,
    `${SRC}/main.ts:2 features`,
  ])
  expect(found[1]?.message).toContain('join the two in packages/server/src/createServer.ts')
})

test("another feature's store, its inner files and the list of features are closed", () => {
  using bad = example({
    [`${SRC}/features/messages/a.ts`]: "import '../members/members.store.ts'",
    [`${SRC}/features/messages/b.ts`]: "import '../members/members.ts'",
    [`${SRC}/features/messages/c.ts`]: "import '../index.ts'",
    [`${SRC}/features/index.ts`]: "import './members/members.store.ts'",
  })
  expect(places(features(bad.tree))).toEqual([
    `${SRC}/features/index.ts:1 features`,
    `${SRC}/features/messages/a.ts:1 features`,
    `${SRC}/features/messages/b.ts:1 features`,
    `${SRC}/features/messages/c.ts:1 features`,
  ])
})

test('the ground of the contract knows no part of it', () => {
  using bad = example({
    'packages/protocol/src/errors.ts': "import { Message } from './messages.ts'\nMessage()",
  })
  expect(places(features(bad.tree))).toEqual(['packages/protocol/src/errors.ts:1 features'])
})
