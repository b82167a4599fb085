import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, it } from 'vitest'
import { PAGE, PUBLISHED, root } from './src/published.ts'

const packed = inject('packed')
const manifestOf = (path: string) =>
  JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8'))

describe.each(packed)('the tarball of $name', ({ tarball, files }) => {
  const bytes = readFileSync(tarball)

  it('holds what a person needs and nothing that is only ours', () => {
    expect(files).toEqual(expect.arrayContaining(['package.json', 'README.md', 'LICENSE']))
    const ours = /\.test\.|\.suite\.|\.story\.|fixtures|tsbuildinfo|tsconfig|\.env|node_modules/
    expect(files.filter((file) => ours.test(file))).toEqual([])
  })

  it('holds the source of every source map', () => {
    const maps = files.filter((file) => file.endsWith('.js.map'))
    const sources = maps.map((map) => map.replace(/^dist\//, 'src/').replace(/\.js\.map$/, '.ts'))
    expect(sources.filter((source) => !files.includes(source))).toEqual([])
  })

  it('pleases publint', async () => {
    const { messages, pkg } = await publint({
      pack: { tarball: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length) },
      strict: true,
    })
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([])
  })
})

/** All is ESM only: what `require` finds with old rules is no promise of ours. */
const NOT_OURS: readonly string[] = ['node10', 'node16-cjs']

const libraries = packed.filter(({ name }) => name !== 'tertulia')
it.each(libraries)(
  'the types of $name are found where Node and bundlers look',
  async ({ tarball }) => {
    const result = await checkPackage(createPackageFromTarballData(readFileSync(tarball)))
    if (result.types === false) return expect.fail('It has no types at all.')
    const problems = result.problems.filter(
      (problem) => !('resolutionKind' in problem) || !NOT_OURS.includes(problem.resolutionKind),
    )
    expect(problems).toEqual([])
  },
)

it('the command brings the page of the demo, file by file', () => {
  const entries = readdirSync(join(root, PAGE), { recursive: true, withFileTypes: true })
  const page = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(join(root, PAGE).length))
  const brought = packed.find(({ name }) => name === 'tertulia')?.files ?? []
  expect(brought.filter((file) => file.startsWith('pages/')).sort()).toEqual(
    page.map((file) => `pages${file.replaceAll('\\', '/')}`).sort(),
  )
})

it('all packages come under one licence, with what a registry shows', () => {
  const manifests = PUBLISHED.map(manifestOf)
  for (const manifest of manifests) {
    expect(manifest).toMatchObject({
      license: 'MIT',
      type: 'module',
      publishConfig: { access: 'public' },
      description: expect.stringMatching(/\.$/),
      keywords: expect.arrayContaining(['chat']),
    })
    expect(manifest.engines.node).toMatch(/^>=2\d/)
  }
  const licences = ['.', ...PUBLISHED].map((path) =>
    readFileSync(join(root, path, 'LICENSE'), 'utf8'),
  )
  expect(new Set(licences).size).toBe(1)
})
