import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm, npmInstall } from './npm.ts'
import type { Packed } from './pack.ts'

/**
 * The list of everything that one of our packages brings, in the form of CycloneDX. It is made of an installation of
 * the tarball: asked about a workspace, `npm sbom` leaves out what is needed in development too, such as zod.
 * `needed` are those of ours on which it rests: they need not be published yet.
 */
export async function sbomOf(wanted: Packed, needed: readonly Packed[]): Promise<string> {
  const temp = mkdtempSync(join(tmpdir(), 'tertulia sbom '))
  try {
    const folder = unpack(wanted, temp)
    // npm would look for them even so, and some are never published.
    await npm(folder, 'pkg', 'delete', 'devDependencies')
    const flags = ['--omit=dev', '--ignore-scripts', '--no-save']
    await npmInstall(folder, ...flags, ...needed.map(({ tarball }) => tarball))
    return await npm(folder, 'sbom', '--sbom-format=cyclonedx', '--omit=dev')
  } finally {
    rmSync(temp, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** npm takes the name of the folder for the name of the package. */
function unpack({ name, tarball }: Packed, temp: string): string {
  const folder = join(temp, name)
  mkdirSync(join(folder, '..'), { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', temp])
  renameSync(join(temp, 'package'), folder)
  return folder
}

/** Writes `<tarball>.cdx.json` beside every tarball, in the order of `packAll`; resolves with the paths. */
export async function writeSboms(all: readonly Packed[]): Promise<string[]> {
  const files: string[] = []
  for (const [index, packed] of all.entries()) {
    const file = packed.tarball.replace(/\.tgz$/, '.cdx.json')
    writeFileSync(file, await sbomOf(packed, all.slice(0, index)))
    files.push(file)
  }
  return files
}
