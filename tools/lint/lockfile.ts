import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One entry of package-lock.json, as far as we need it. */
export interface Locked {
  readonly version?: string
  readonly license?: string
  /** A workspace, linked from node_modules. */
  readonly link?: boolean
  readonly resolved?: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>
}

/** By path: `packages/server`, `node_modules/a/node_modules/b`. */
export type Packages = Readonly<Record<string, Locked>>

export function packagesOf(root: string): Packages {
  const lockfile = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))
  return (lockfile as { packages: Packages }).packages
}

/** `b` of `node_modules/a/node_modules/b`. */
export const nameOf = (path: string): string => path.split('node_modules/').at(-1) ?? path

/** Every foreign package that these workspaces need to run. */
export function productionOf(packages: Packages, workspaces: readonly string[]): Set<string> {
  const seen = new Set<string>()
  const visit = (path: string) => {
    if (seen.has(path)) return
    seen.add(path)
    const { dependencies, optionalDependencies, ...peers } = packages[path] ?? {}
    const names = Object.keys({ ...dependencies, ...optionalDependencies })
    for (const name of [...names, ...requiredPeers(peers)]) {
      const found = find(packages, path, name)
      if (found !== null) visit(found)
    }
  }
  for (const workspace of workspaces) visit(workspace)
  return new Set([...seen].filter((path) => path.includes('node_modules/')))
}

/** npm installs a peer that is not called optional. */
const requiredPeers = ({ peerDependencies = {}, peerDependenciesMeta = {} }: Locked): string[] =>
  Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)

/** The way Node looks: in the package's own node_modules first, then outwards. */
function find(packages: Packages, from: string, name: string): string | null {
  for (let folder = from; ; folder = folder.replace(/\/?(node_modules\/)?(@[^/]+\/)?[^/]*$/, '')) {
    const path = folder === '' ? `node_modules/${name}` : `${folder}/node_modules/${name}`
    const entry = packages[path]
    if (entry !== undefined) return entry.link ? (entry.resolved ?? null) : path
    if (folder === '') return null
  }
}
