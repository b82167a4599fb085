import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ChatError, LIMITS, type Limits } from '@tertulia/protocol'
import type { Engine } from '@tertulia/server'
import {
  type Actor,
  type Announcement,
  createCore,
  createIdentities,
  createPageCursors,
  createTickets,
  createUserTokens,
  defaultChannelTypes,
  deriveKey,
  migrateSqlite,
  migrations,
  openPostgres,
  openSqlite,
} from '@tertulia/server/parts'

const SECRET = 'a secret of the differential suite'
const PLENTY = 1_000_000_000
const log = { debug() {}, info() {}, warn() {}, error() {} }

/** No rates, and small bounds that random operations reach. */
const limits: Limits = {
  ...LIMITS,
  sendsBurst: PLENTY,
  editsBurst: PLENTY,
  requestsBurst: PLENTY,
  eventsBurst: PLENTY,
  serverRequestsBurst: PLENTY,
  storeConnections: 4,
  channelMembers: 9,
  channelsPerUser: 20,
  deltaRows: 40,
  resetMessages: 10,
  resetTombstones: 5,
  resetChannels: 5,
  scheduledPerUser: 5,
  // Those of several channels go side by side, and get their ids in any order.
  scheduledAtOnce: 1,
}

/** What an operation led to, in a form that two products can be compared by. */
export type Outcome =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly code: string; readonly details: unknown }

/** One product without doors, on one engine. Its time stands still until `time` moves. */
export class Product implements AsyncDisposable {
  readonly name: string
  readonly #engine: Engine
  readonly #core: Awaited<ReturnType<typeof createCore>>
  readonly #heard: Announcement[]
  readonly #release: () => void

  private constructor(
    name: string,
    parts: {
      engine: Engine
      core: Awaited<ReturnType<typeof createCore>>
      heard: Announcement[]
      release: () => void
    },
  ) {
    this.name = name
    this.#engine = parts.engine
    this.#core = parts.core
    this.#heard = parts.heard
    this.#release = parts.release
  }

  static async onSqlite(time: { readonly ms: number }): Promise<Product> {
    const folder = mkdtempSync(join(tmpdir(), 'tertulia-differential-'))
    const file = join(folder, 'tertulia.db')
    migrateSqlite(file, migrations, 0)
    const release = () => rmSync(folder, { recursive: true, force: true })
    return Product.#open('sqlite', openSqlite(file), { time, release })
  }

  /** On a migrated database. */
  static async onPostgres(url: string, time: { readonly ms: number }): Promise<Product> {
    const engine = await openPostgres({ url, limits, log })
    return Product.#open('postgres', engine, { time, release: () => undefined })
  }

  static async #open(
    name: string,
    engine: Engine,
    { time, release }: { readonly time: { readonly ms: number }; readonly release: () => void },
  ): Promise<Product> {
    const heard: Announcement[] = []
    const clock = { now: () => time.ms, monotonic: () => time.ms }
    const core = await createCore({
      engine,
      bus: { publish: (announcement) => void heard.push(announcement), subscribe() {} },
      clock,
      timers: {
        nextTurn: (run) => void setImmediate(run),
        after: () => ({ cancel() {} }),
      },
      log,
      limits,
      channelTypes: defaultChannelTypes,
      cursors: createPageCursors(deriveKey(SECRET, 'page-cursors')),
      directory: 'shared',
      holder: 'differential',
      markBeside: null,
      newMark: 'mark',
      identify: (people) =>
        createIdentities({
          tokens: createUserTokens({ secrets: [SECRET], clock }),
          people,
          tickets: createTickets({
            clock,
            random: { bytes: (count) => new Uint8Array(count).fill(7) },
          }),
          autoCreateUsers: true,
        }),
    })
    return new Product(name, { engine, core, heard, release })
  }

  async call(actor: Actor, op: string, input: unknown): Promise<Outcome> {
    try {
      const call = { actor, op, input, requestId: 'r', bytes: 0 }
      return { ok: true, data: await this.#core.operations.call(call) }
    } catch (error) {
      if (!(error instanceof ChatError) || error.code === 'internal') throw error
      return { ok: false, code: error.code, details: error.details ?? null }
    }
  }

  async sweep(): Promise<void> {
    let left = await this.#core.sweeper.sweep()
    while (left.length > 0) left = await this.#core.sweeper.sweep(left)
  }

  /** What was announced since the last call. */
  takeHeard(): readonly Announcement[] {
    return this.#heard.splice(0)
  }

  /** Reads with SQL that both engines understand. */
  async rows(sql: string): Promise<unknown[]> {
    return this.#engine.read((db) => db.all({ sql, slots: [] }, []))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#core.queue.whenIdle()
    await this.#engine.close()
    this.#release()
  }
}
