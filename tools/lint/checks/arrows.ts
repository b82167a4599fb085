import type { Check, Finding } from '../finding.ts'
import type { Import } from '../imports.ts'
import { isTest, type Source } from '../source.ts'
import { resolveRelative, type Tree, workspaceOf } from '../tree.ts'

/** Who may import whom. Tools, examples and tests may import everything. */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  'packages/protocol': [],
  'packages/client': ['packages/protocol'],
  'packages/react': ['packages/client', 'packages/protocol'],
  'packages/server': ['packages/protocol'],
  'apps/demo': ['packages/react', 'packages/client', 'packages/protocol'],
  'apps/dashboard': ['packages/react', 'packages/client', 'packages/protocol'],
  'apps/cli': ['packages/server', 'packages/client', 'packages/protocol', 'apps/demo'],
}

/** protocol <- client <- react <- demo, dashboard; protocol <- server; only their names, no paths. */
export const arrows: Check = (tree) =>
  tree.sources.flatMap((source) =>
    source.imports.flatMap((imported) => {
      const message = wrongArrow(tree, source, imported)
      return message === null ? [] : [finding(source, imported, message)]
    }),
  )

function wrongArrow(tree: Tree, source: Source, { specifier }: Import): string | null {
  const home = workspaceOf(source.path)
  if (specifier.startsWith('.')) return leavesHome(home, resolveRelative(source.path, specifier))
  const target = workspaceNamed(tree, specifier)
  if (target === null) return null
  if (/\/(src|dist)(\/|$)/.test(specifier))
    return `"${specifier}" reaches into the files of ${target}. Import what its package.json exports.`
  if (isTest(source.path) || !/^(packages|apps)\//.test(home)) return null
  const allowed = ARROWS[home]
  if (allowed === undefined)
    return `${home} has no place among the arrows. Give it a line in tools/lint/checks/arrows.ts.`
  if (allowed.includes(target)) return null
  const choice = allowed.length > 0 ? `only ${allowed.join(', ')}` : 'nothing of ours'
  return (
    `${home} may import ${choice}, never ${target}. Move what both need to packages/protocol, ` +
    'or join the two in apps/cli, a tool or a test.'
  )
}

function leavesHome(home: string, target: string): string | null {
  if (target.startsWith(`${home}/`)) return null
  return `a relative import leaves ${home} for ${target}. Import the other package by its name.`
}

function workspaceNamed(tree: Tree, specifier: string): string | null {
  for (const [name, folder] of tree.workspaces)
    if (specifier === name || specifier.startsWith(`${name}/`)) return folder
  return null
}

const finding = (source: Source, imported: Import, message: string): Finding => ({
  level: 'error',
  rule: 'arrows',
  file: source.path,
  line: source.lineOf(imported.position),
  message,
})
