import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type Packed, packAll } from './pack.ts'
import { stage } from './stage.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    packed: readonly Packed[]
  }
}

/** Packs once for the whole run of the tests, below a folder with a space. */
export default async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), 'tertulia packed '))
  const [repository, tarballs] = [join(folder, 'repository'), join(folder, 'tarballs')]
  mkdirSync(tarballs)
  stage(repository)
  project.provide('packed', await packAll(repository, tarballs))
  return () => rmSync(folder, { recursive: true, force: true })
}
