import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Finding } from './finding.ts'
import { openTree, type Tree } from './tree.ts'

/** A small repository in a temporary folder, by path and text; removed at the end of the scope. */
export interface Example extends Disposable {
  readonly root: string
  readonly tree: Tree
}

export function example(files: Readonly<Record<string, string>>): Example {
  const root = mkdtempSync(join(tmpdir(), 'house-'))
  for (const [path, text] of Object.entries({ ...manifests(files), ...files })) {
    mkdirSync(join(root, dirname(path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return {
    root,
    tree: openTree(root),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  }
}

/** Every package of the example gets its package.json. */
function manifests(files: Readonly<Record<string, string>>): Record<string, string> {
  const workspaces = Object.keys(files).map((path) => path.split('/').slice(0, 2))
  return Object.fromEntries(
    workspaces
      .filter(([kind = '']) => ['packages', 'apps', 'tools'].includes(kind))
      .map(([kind, name]) => [
        `${kind}/${name}/package.json`,
        JSON.stringify({ name: `@tertulia/${name}` }),
      ]),
  )
}

/** `file:line rule` of each finding. */
export const places = (findings: readonly Finding[]): string[] =>
  findings.map(({ file, line, rule }) => `${file}:${line} ${rule}`)
