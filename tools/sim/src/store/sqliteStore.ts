import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { migrateSqlite, migrations, openSqlite } from '@tertulia/server/parts'
import type { Committed } from './committed.ts'
import { committedIn } from './committedSqlite.ts'
import { openFolder } from './folder.ts'
import { type OpenStore, type SimStore, type Stores, turn } from './simStore.ts'

/** Files in a folder of their own. */
export function sqliteStores(): Stores {
  const folder = openFolder()
  const template = new SqliteStore(join(folder.path, 'template.db'))
  return {
    name: 'sqlite',
    async template() {
      migrateSqlite(template.path, migrations, 0)
      return template
    },
    async forRun() {
      const store = new SqliteStore(join(folder.path, 'run.db'))
      store.copyFrom(template)
      return store
    },
    async [Symbol.asyncDispose]() {
      folder.remove()
    },
  }
}

/** The file of one simulated store, with the mark that lies beside it. */
class SqliteStore implements SimStore {
  readonly path: string
  readonly #backup: string
  #mark: string | null = null
  #starts = 0

  constructor(path: string) {
    this.path = path
    this.#backup = `${path}.backup`
  }

  copyFrom(template: SqliteStore): void {
    this.#replaceBy(template.path)
    this.#mark = template.#mark
  }

  async open(): Promise<OpenStore> {
    const engine = openSqlite(this.path)
    return {
      engine,
      markBeside: this.#mark,
      newMark: `the mark of start ${++this.#starts} on ${this.path}`,
      keepMark: (mark) => {
        this.#mark = mark
      },
      cut: () => void engine.close(),
    }
  }

  async committed(): Promise<Committed> {
    return committedIn(this.path)
  }

  /** The store works without waiting, so this is no time. */
  rest(): Promise<void> {
    return turn()
  }

  async backUp(): Promise<void> {
    rmSync(this.#backup, { force: true })
    const db = new DatabaseSync(this.path)
    db.exec(`VACUUM INTO '${this.#backup}'`)
    db.close()
  }

  /** As `tertulia restore` does it: without the mark beside the store. */
  async restore(): Promise<void> {
    this.#replaceBy(this.#backup)
    this.#mark = null
  }

  async remove(): Promise<void> {
    for (const suffix of ['', '-wal', '-shm']) rmSync(this.path + suffix, { force: true })
  }

  #replaceBy(file: string): void {
    void this.remove()
    copyFileSync(file, this.path)
  }
}
