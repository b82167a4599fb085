import { join } from 'node:path'
import { dump, restore } from '@tertulia/postgres'
import { LIMITS } from '@tertulia/protocol'
import { openPostgres } from '@tertulia/server/parts'
import { Client } from 'pg'
import { ClusterAdmin } from './clusterAdmin.ts'
import type { Committed } from './committed.ts'
import { committedAt } from './committedPostgres.ts'
import { openFolder } from './folder.ts'
import { type Opening, type OpenStore, type SimStore, type Stores, turn } from './simStore.ts'
import { steppedEngine } from './steppedEngine.ts'
import { Work } from './work.ts'

/** Databases beside one that is migrated and empty, which becomes the template. */
export async function postgresStores(url: string): Promise<Stores> {
  const admin = await ClusterAdmin.of(url)
  const folder = openFolder()
  const template = new PostgresStore({ admin, url, dump: join(folder.path, 'template.dump') })
  return {
    name: 'postgres',
    template: async () => template,
    forRun: () => template.copy(),
    async [Symbol.asyncDispose]() {
      await admin.close()
      folder.remove()
    },
  }
}

/** Few, so that transactions wait for one. */
const CONNECTIONS = 4
/** The bounds of the driver are in true time, of which a run knows nothing. */
const LONG_MS = 120_000
const BOUNDS = {
  ...LIMITS,
  storeConnections: CONNECTIONS,
  storeConnectMs: LONG_MS,
  storeStatementMs: LONG_MS,
  storeLockMs: LONG_MS,
}
/** What a statement takes of the time of a transaction. */
const SHARE = 0.5
/** Also on a fast store: others may begin while a transaction is open. */
const LEAST_MS = 10

const log = { debug() {}, info() {}, warn() {}, error() {} }

interface Place {
  readonly admin: ClusterAdmin
  readonly url: string
  /** The file of the backup. */
  readonly dump: string
}

/** One database, under the same name also when it was restored. */
class PostgresStore implements SimStore {
  readonly #place: Place
  readonly #name: string
  #work = new Work(CONNECTIONS)
  #cutting: Promise<void> = Promise.resolve()
  #isFreshCopy = false

  constructor(place: Place) {
    this.#place = place
    this.#name = new URL(place.url).pathname.slice(1)
  }

  async copy(): Promise<PostgresStore> {
    const { admin, url, dump } = this.#place
    const name = `${this.#name}_run`
    await admin.drop(name)
    await admin.make(name, this.#name)
    const place = Object.assign(new URL(url), { pathname: `/${name}` }).href
    const store = new PostgresStore({ admin, url: place, dump })
    store.#isFreshCopy = true
    return store
  }

  async open(server: Opening): Promise<OpenStore> {
    this.#work = new Work(CONNECTIONS)
    const question = this.#work.ask(this)
    try {
      return await this.#openFor(server, this.#work)
    } finally {
      await question.answered()
    }
  }

  async #openFor({ life, storeMs }: Opening, work: Work): Promise<OpenStore> {
    const engine = await openPostgres({ url: this.#place.url, limits: BOUNDS, log })
    const { identity } = engine
    if (this.#isFreshCopy) await this.#takeOver(identity)
    const { promise: cutOff, reject } = Promise.withResolvers<never>()
    cutOff.catch(() => undefined)
    const answerMs = Math.max(storeMs * SHARE, LEAST_MS)
    return {
      engine: steppedEngine(engine, { work, life, answerMs, cutOff }),
      markBeside: identity,
      newMark: identity,
      keepMark: () => undefined,
      cut: () => {
        work.cut()
        this.#cutting = this.#place.admin.cut(this.#name).then(() => {
          reject(new Error('Connection terminated with its process.'))
          void engine.close()
        })
      },
    }
  }

  /** The history of the template goes on in its copy. */
  async #takeOver(identity: string): Promise<void> {
    this.#isFreshCopy = false
    const client = new Client(this.#place.url)
    await client.connect()
    await client.query(`UPDATE meta SET v = $1 WHERE k = 'mark'`, [identity])
    await client.end()
  }

  committed(): Promise<Committed> {
    return committedAt(this.#place.url)
  }

  async rest(): Promise<void> {
    await this.#work.rest(() => this.#place.admin.lockWaits(this.#name))
    await this.#cutting
    await turn()
  }

  backUp(): Promise<void> {
    return dump(this.#place.url, this.#place.dump)
  }

  /** Into a new database, as an operator is told to: it has a history of its own by itself. */
  async restore(): Promise<void> {
    const { admin, url, dump: file } = this.#place
    await admin.drop(this.#name)
    await admin.make(this.#name, 'template0')
    await restore(file, url)
  }

  async remove(): Promise<void> {
    await this.#place.admin.drop(this.#name)
  }
}
