import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Finding } from './finding.ts'
import { readSource, type Source } from './source.ts'

/** The repository as the checks see it. */
export interface Tree {
  readonly root: string
  /** Every file that is ours, relative, with forward slashes. */
  readonly files: ReadonlySet<string>
  readonly sources: readonly Source[]
  /** Sources that could not be read: no check has seen them. */
  readonly unreadable: readonly Finding[]
  /** The workspaces by the name under which others import them. */
  readonly workspaces: ReadonlyMap<string, string>
}

/** Not ours, or made by us from something else. */
const NOT_OURS = new Set(['node_modules', 'dist', 'coverage', 'tertulia-data', '.git'])

export function openTree(root: string): Tree {
  const files = new Set(filesBelow(root, ''))
  const sources: Source[] = []
  const unreadable: Finding[] = []
  for (const path of files) {
    if (!/^(packages|apps|tools|examples)\/.*\.[cm]?[jt]sx?$/.test(path)) continue
    try {
      sources.push(readSource(path, readFileSync(join(root, path), 'utf8')))
    } catch (error) {
      unreadable.push(unreadableSource(path, error))
    }
  }
  return { root, files, sources, unreadable, workspaces: workspacesOf(root, files) }
}

function* filesBelow(root: string, folder: string): Generator<string> {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`
    if (NOT_OURS.has(entry.name)) continue
    if (entry.isDirectory()) yield* filesBelow(root, path)
    else if (entry.isFile()) yield path
  }
}

const unreadableSource = (file: string, error: unknown): Finding => ({
  level: 'error',
  rule: 'syntax',
  file,
  line: 1,
  message:
    `cannot be read (${error instanceof Error ? error.message : error}), so no rule was checked. ` +
    'Write it in erasable TypeScript, or teach tools/lint/source.ts this kind of file.',
})

function workspacesOf(root: string, files: ReadonlySet<string>): Map<string, string> {
  const manifests = [...files].filter((path) =>
    /^(packages|apps|tools)\/[^/]+\/package.json$/.test(path),
  )
  return new Map(
    manifests.map((path) => {
      const { name } = JSON.parse(readFileSync(join(root, path), 'utf8')) as { name: string }
      return [name, path.replace('/package.json', '')]
    }),
  )
}

/** `packages/server` of `packages/server/src/main.ts`. */
export const workspaceOf = (path: string): string => path.split('/').slice(0, 2).join('/')

/** The file that a relative import means, relative to the repository. */
export function resolveRelative(from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of specifier.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
