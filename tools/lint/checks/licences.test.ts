import { expect, test } from 'vitest'
import { example } from '../example.ts'
import type { Locked } from '../lockfile.ts'
import { licences } from './licences.ts'

const server = { dependencies: { fast: '1' } }
const messages = (packages: Record<string, Locked>) => {
  using repository = example({ 'package-lock.json': JSON.stringify({ packages }) })
  return licences(repository.root).map(({ message }) => message)
}

test('permissive licences are fine, weaker copyleft in tools only', () => {
  const found = messages({
    'packages/server': server,
    'node_modules/fast': { license: '(GPL-3.0 OR MIT)', dependencies: { deep: '1' } },
    'node_modules/deep': { license: 'ISC' },
    'node_modules/tool': { license: 'MPL-2.0' },
  })
  expect(found).toEqual([])
})

test('weaker copyleft, unknown and unstated licences do not reach what we publish', () => {
  const found = messages({
    'packages/server': server,
    'node_modules/fast': { license: 'MPL-2.0', dependencies: { deep: '1' } },
    'node_modules/fast/node_modules/deep': { license: 'MIT AND GPL-3.0' },
    'node_modules/tool': {},
  })
  expect(found).toHaveLength(3)
  expect(found[0]).toContain('fast has the licence "MPL-2.0"')
  expect(found[1]).toContain('deep has the licence "MIT AND GPL-3.0"')
  expect(found[2]).toContain('tool has the licence "none stated"')
})

test('a forbidden house is refused by name, however deep', () => {
  const found = messages({
    'packages/server': {},
    'node_modules/a/node_modules/@stream-io/sdk': { license: 'MIT' },
  })
  expect(found).toEqual([expect.stringContaining('@stream-io/sdk must not be here')])
})

test('the server stays below sixty packages', () => {
  const names = Array.from({ length: 61 }, (_, i) => `p${i}`)
  const found = messages({
    'packages/server': { dependencies: Object.fromEntries(names.map((name) => [name, '1'])) },
    ...Object.fromEntries(names.map((name) => [`node_modules/${name}`, { license: 'MIT' }])),
  })
  expect(found).toEqual([expect.stringContaining('brings 61 packages')])
})

test('an optional peer is not brought along', () => {
  const names = Array.from({ length: 61 }, (_, i) => `p${i}`)
  const peers = Object.fromEntries(names.map((name) => [name, '1']))
  const optional = Object.fromEntries(names.map((name) => [name, { optional: true }]))
  const found = messages({
    'packages/server': { peerDependencies: peers, peerDependenciesMeta: optional },
    ...Object.fromEntries(names.map((name) => [`node_modules/${name}`, { license: 'MIT' }])),
  })
  expect(found).toEqual([])
})
