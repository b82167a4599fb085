import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npmInstall } from './npm.ts'

/** A folder that was empty, and into which tarballs were installed in the way of anybody. */
export class Installation implements Disposable {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async of(tarballs: readonly string[]): Promise<Installation> {
    const installation = new Installation(mkdtempSync(join(tmpdir(), 'tertulia installed ')))
    try {
      await npmInstall(installation.folder, ...tarballs)
      return installation
    } catch (error) {
      installation[Symbol.dispose]()
      throw error
    }
  }

  /** The names of all packages that are here now, ours included. */
  packages(): string[] {
    const hidden = join(this.folder, 'node_modules', '.package-lock.json')
    const { packages } = JSON.parse(readFileSync(hidden, 'utf8')) as { packages: object }
    return Object.keys(packages).map((path) => path.replace(/^.*node_modules\//, ''))
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 3 })
  }
}
