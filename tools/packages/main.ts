import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packAll } from './src/pack.ts'
import { writeSboms } from './src/sbom.ts'
import { stage } from './src/stage.ts'
import { LIST, thirdPartyList } from './src/thirdParty.ts'

const USAGE = 'Choose: licences, or release <an empty folder>.'

const [word, place] = process.argv.slice(2)
if (word === 'licences') writeFileSync(LIST, thirdPartyList())
else if (word === 'release' && place !== undefined) await release(resolve(place))
else fail(`"${process.argv.slice(2).join(' ')}" was not understood, so nothing was done. ${USAGE}`)

/** Tarballs and SBOMs of all published packages, built from nothing. Publishes nothing. */
async function release(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0)
    return fail(`${folder} is not empty: old tarballs would be published again. ${USAGE}`)
  const copy = mkdtempSync(join(tmpdir(), 'tertulia release '))
  try {
    stage(copy)
    const all = await packAll(copy, folder)
    for (const { tarball, files, size, unpackedSize } of all)
      console.log(
        `${tarball}: ${files.length} files, ${kilobytes(size)}, ${kilobytes(unpackedSize)} unpacked`,
      )
    for (const file of await writeSboms(all)) console.log(file)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

function kilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1000)} kB`
}

function fail(sentence: string): void {
  console.error(sentence)
  process.exitCode = 1
}
