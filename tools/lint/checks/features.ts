import type { Check, Finding } from '../finding.ts'
import type { Import } from '../imports.ts'
import { isTest, type Source } from '../source.ts'
import { resolveRelative } from '../tree.ts'

/** Packages whose features live in folders, and the files that join them with the machinery. */
const JOINTS: Readonly<Record<string, readonly string[]>> = {
  'packages/server/src/': ['createServer.ts', 'createCore.ts', 'openKeys.ts', 'upkeep.ts'],
  'packages/client/src/': ['createClient.ts'],
}

/** What every part of the contract stands on, and which therefore knows none of them. */
const GROUND = 'packages/protocol/src/'
const GROUND_FILES = new Set([
  'define',
  'errors',
  'limit',
  'limits',
  'limitsOnCallers',
  'limitsOnNodes',
  'scalars',
  'unicode',
  'version',
])

/** Machinery is feature-blind, and a feature shows other features nothing but its index.ts. */
export const features: Check = (tree) =>
  tree.sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) =>
      source.imports
        .filter(({ specifier }) => specifier.startsWith('.'))
        .flatMap((imported) => {
          const target = resolveRelative(source.path, imported.specifier)
          const message = groundRule(source.path, target) ?? featureRule(source.path, target)
          return message === null ? [] : [finding(source, imported, message)]
        }),
    )

function groundRule(from: string, to: string): string | null {
  if (!isGround(from) || isGround(to)) return null
  return (
    `${nameIn(from)} is ground that the whole contract stands on; it must not import ` +
    `${nameIn(to)}. Move the declaration to the file of the product word.`
  )
}

const isGround = (path: string) => path.startsWith(GROUND) && GROUND_FILES.has(nameIn(path))
const nameIn = (path: string) => path.slice(GROUND.length).replace(/\.ts$/, '')

function featureRule(from: string, to: string): string | null {
  const src = Object.keys(JOINTS).find((folder) => from.startsWith(folder))
  if (src === undefined || !to.startsWith(`${src}features/`)) return null
  if (!from.startsWith(`${src}features/`)) {
    if (JOINTS[src]?.includes(from.slice(src.length))) return null
    return (
      `machinery must not know features, and this imports ${to}. Let the feature register ` +
      `itself through a port, and join the two in ${src}${JOINTS[src]?.[0]}.`
    )
  }
  return betweenFeatures(from.slice(src.length + 9), to.slice(src.length + 9))
}

/** Both paths start behind `features/`; a file right there is the list of features. */
function betweenFeatures(from: string, to: string): string | null {
  const [here] = from.split('/', 1)
  const [there, ...rest] = to.split('/')
  if (here === there) return null
  if (rest.length === 0)
    return 'a feature must not import the list of features: that is a ring. Import the one it needs.'
  if (to.endsWith('.store.ts'))
    return `features/${to} belongs to its feature alone. Use a verb that features/${there}/index.ts exports.`
  if (!from.includes('/') || rest.join('/') === 'index.ts') return null
  return `features/${to} is inside another feature. Import features/${there}/index.ts and export there what is public.`
}

const finding = (source: Source, imported: Import, message: string): Finding => ({
  level: 'error',
  rule: 'features',
  file: source.path,
  line: source.lineOf(imported.position),
  message,
})
