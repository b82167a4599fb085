import { cpSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { PAGE, PUBLISHED, root } from './published.ts'

const NEEDED = [...PUBLISHED, PAGE, 'tools/packages', 'tsconfig.base.json']
const MADE = new Set(['node_modules', 'dist', 'pages', 'tertulia-data'])

/**
 * Copies what the published packages are made from into an empty folder, so that a build there touches nothing here:
 * others may work in the repository, and its `dist` folders hold what is long gone.
 */
export function stage(folder: string): void {
  for (const path of NEEDED) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    cpSync(join(root, path), join(folder, path), {
      recursive: true,
      filter: (source) => !MADE.has(basename(source)),
    })
  }
  linkModules(folder)
}

/** The dependencies of the repository, with our own packages from the copy. */
function linkModules(folder: string): void {
  const modules = join(folder, 'node_modules')
  mkdirSync(join(modules, '@tertulia'), { recursive: true })
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.') && name !== '@tertulia' && name !== 'tertulia')
      symlinkSync(join(root, 'node_modules', name), join(modules, name), 'junction')
  for (const path of PUBLISHED)
    if (path.startsWith('packages/'))
      symlinkSync(join(folder, path), join(modules, '@tertulia', basename(path)), 'junction')
}
