import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from '../finding.ts'
import { type Locked, nameOf, type Packages, packagesOf, productionOf } from '../lockfile.ts'

const PERMISSIVE = new Set([
  'MIT',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'Apache-2.0',
  '0BSD',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
])

/** Fine for tools and data that we use and never hand on. */
const FOR_DEVELOPMENT = new Set([...PERMISSIVE, 'MPL-2.0', 'CC-BY-3.0', 'CC-BY-4.0'])

/** Licences that a package states in a form the lockfile does not carry, read by hand. */
const READ_BY_HAND: Readonly<Record<string, string>> = { 'xmlhttprequest-ssl': 'MIT' }

/** Their licence forbids them to those who build what we build (decision D14). */
const FORBIDDEN = [/^stream-chat/, /^@stream-io\//, /^getstream/]

const SERVER = 'packages/server'
const MOST_PRODUCTION_PACKAGES = 60

/** What we hand on is permissive, nothing comes from a forbidden house, the server stays lean. */
export function licences(root: string): Finding[] {
  const packages = packagesOf(root)
  const published = Object.keys(packages).filter((path) => /^(packages|apps)\//.test(path))
  const handedOn = productionOf(packages, published)
  const names = Object.keys(packages).filter((path) => path.includes('node_modules/'))
  return [
    ...names.flatMap((path) => origin(path)),
    ...names.flatMap((path) => licence(root, packages, { path, handedOn: handedOn.has(path) })),
    ...weight(packages),
  ]
}

function origin(path: string): Finding[] {
  const name = nameOf(path)
  if (!FORBIDDEN.some((pattern) => pattern.test(name))) return []
  return [finding(`${name} must not be here: its licence forbids it to us. Remove it.`)]
}

interface Place {
  readonly path: string
  /** It reaches those who install what we publish. */
  readonly handedOn: boolean
}

function licence(root: string, packages: Packages, { path, handedOn }: Place): Finding[] {
  const locked = packages[path]
  if (locked === undefined || locked.link) return []
  const stated = licenceOf(root, path, locked)
  if (isCovered(stated, handedOn ? PERMISSIVE : FOR_DEVELOPMENT)) return []
  const use = handedOn ? 'what we publish' : 'development'
  return [
    finding(
      `${nameOf(path)} has the licence "${stated}", which is not on the list for ${use}. ` +
        'Take another package; if the licence is permissive, add it in tools/lint/checks/licences.ts.',
    ),
  ]
}

function licenceOf(root: string, path: string, locked: Locked): string {
  const known = locked.license ?? READ_BY_HAND[nameOf(path)]
  if (known !== undefined) return known
  const manifest = join(root, path, 'package.json')
  if (!existsSync(manifest)) return 'none stated'
  const { license } = JSON.parse(readFileSync(manifest, 'utf8')) as { license?: unknown }
  return typeof license === 'string' ? license : 'none stated'
}

/** Of "A OR B" one is enough, of "A AND B" all are needed. */
function isCovered(expression: string, allowed: ReadonlySet<string>): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(/\s+OR\s+/)
  return choices.some((choice) => choice.split(/\s+AND\s+/).every((id) => allowed.has(id)))
}

function weight(packages: Packages): Finding[] {
  const count = productionOf(packages, [SERVER]).size
  if (count <= MOST_PRODUCTION_PACKAGES) return []
  return [
    finding(
      `${SERVER} brings ${count} packages, ${MOST_PRODUCTION_PACKAGES} are allowed: each is ` +
        'somebody who can break or betray us. Do without one, or write a decision record.',
    ),
  ]
}

const finding = (message: string): Finding => ({
  level: 'error',
  rule: 'licences',
  file: 'package-lock.json',
  line: 1,
  message,
})
