import { join } from 'node:path'
import { npm } from './npm.ts'
import { PUBLISHED } from './published.ts'

/** One tarball, as npm made it. */
export interface Packed {
  readonly name: string
  readonly version: string
  /** Where the tarball lies. */
  readonly tarball: string
  /** The paths in it. */
  readonly files: readonly string[]
  /** In bytes. */
  readonly size: number
  readonly unpackedSize: number
}

interface Listing extends Omit<Packed, 'tarball' | 'files'> {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}

/** Packs every published package of a staged repository. One after the other: each build rests on the one before. */
export async function packAll(repository: string, into: string): Promise<Packed[]> {
  const all: Packed[] = []
  for (const path of PUBLISHED) all.push(await pack(join(repository, path), into))
  return all
}

async function pack(folder: string, into: string): Promise<Packed> {
  const printed = await npm(folder, 'pack', '--json', '--silent', '--pack-destination', into)
  const [listing] = JSON.parse(printed) as [Listing]
  const { name, version, filename, files, size, unpackedSize } = listing
  return {
    name,
    version,
    tarball: join(into, filename),
    files: files.map(({ path }) => path),
    size,
    unpackedSize,
  }
}
