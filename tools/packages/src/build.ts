import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

// npm runs this in the folder of a package before it packs it. `tsc -b` leaves the output of sources that are gone,
// and nobody must get that: so the build starts from nothing.

rmSync('dist', { recursive: true, force: true })
const manifest = createRequire(import.meta.url).resolve('typescript/package.json')
execFileSync(process.execPath, [join(dirname(manifest), 'bin', 'tsc'), '-b', '.'], {
  stdio: 'inherit',
})
