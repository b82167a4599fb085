import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A data folder of a server; a throw-away one is removed at the end. */
export class StoreFolder implements Disposable {
  readonly path: string
  readonly #keep: boolean

  private constructor(path: string, keep: boolean) {
    this.path = path
    this.#keep = keep
  }

  static temporary(): StoreFolder {
    return new StoreFolder(mkdtempSync(join(tmpdir(), 'tertulia-bench-')), false)
  }

  /** A folder that somebody named stays; without a name it is a throw-away one. */
  static named(path: string | null): StoreFolder {
    if (path === null) return StoreFolder.temporary()
    mkdirSync(path, { recursive: true })
    return new StoreFolder(path, true)
  }

  get file(): string {
    return join(this.path, 'tertulia.db')
  }

  hasStore(): boolean {
    return existsSync(this.file)
  }

  [Symbol.dispose](): void {
    if (!this.#keep) rmSync(this.path, { recursive: true, force: true })
  }
}
