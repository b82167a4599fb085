import type { Limits } from '@tertulia/protocol'
import type { Failpoint } from '@tertulia/server'
import { Checker } from '../checker/checker.ts'
import { Truth } from '../checker/truth.ts'
import type { Outcome } from '../client/surroundings.ts'
import type { Fault } from '../faults/fault.ts'
import { START } from '../server/life.ts'
import { ServerProcess } from '../server/serverProcess.ts'
import { simToken } from '../server/simIdentities.ts'
import type { SimStore, Stores } from '../store/simStore.ts'
import { boundsOf, cramp } from './bounds.ts'
import { Chance } from './chance.ts'
import { type Climate, calm, climateOf } from './climate.ts'
import { Schedule } from './schedule.ts'

export interface WorldOptions {
  readonly seed: number
  readonly stores: Stores
  readonly fault: Fault | null
  readonly trace: ((line: string) => void) | null
}

/** Longer than a call and its transaction take, with a step of the clock. */
const MOST_TRIP_MS = 8000

/** Everything of one run: time, chance, the network, the server and its store. */
export class World {
  readonly schedule = new Schedule()
  readonly chance: Chance
  readonly checker: Checker
  readonly store: SimStore
  climate: Climate
  /** The faults are over. */
  healing = false
  server: ServerProcess | null = null
  crashes = 0
  epochs = 1
  readonly #options: WorldOptions
  readonly #bounds: Partial<Limits>
  readonly #uncramp: () => void
  #wallOffset = 0
  /** By user, the second up to which tokens may be refused. */
  readonly #thrownOut = new Map<string, number>()
  #clientIds = 0
  #restoring = false
  /** What an operator is doing with the store. */
  #upkeep: Promise<void> = Promise.resolve()

  private constructor(options: WorldOptions, store: SimStore, truth: Truth) {
    this.#options = options
    this.chance = new Chance(options.seed)
    this.climate = climateOf(this.chance)
    this.#bounds = boundsOf(this.climate)
    this.#uncramp = cramp(this.climate)
    this.store = store
    this.checker = new Checker(truth)
  }

  /** Begins with a copy of the template. */
  static async open(options: WorldOptions): Promise<World> {
    const store = await options.stores.forRun()
    return new World(options, store, await Truth.open(() => store.committed(), 1))
  }

  tell(line: () => string): void {
    this.#options.trace?.(`${this.schedule.now.toFixed(1).padStart(9)}  ${line()}`)
  }

  /** ms since 1970 by the clock of the server. */
  wallNow(): number {
    return Math.floor(START + this.schedule.now + this.#wallOffset)
  }

  /** The app's own server mints a token. It knows whom it threw out and dates the next token after that. */
  tokenOf(userId: string): string {
    const now = this.wallNow()
    const issuedAt = Math.max(Math.floor(now / 1000), (this.#thrownOut.get(userId) ?? 0) + 1)
    return simToken(userId, issuedAt, now + this.climate.tokenMs)
  }

  /** The app ends all connections of a user. */
  throwOut(userId: string): void {
    this.rest(null, 'user.revokeTokens', {
      input: { userId },
      done: () => {},
    })
    const latest = START + this.schedule.now + this.#wallOffset + MOST_TRIP_MS
    this.#thrownOut.set(userId, Math.floor(latest / 1000))
  }

  newClientId(): string {
    return `019a9f2e-8c4b-7000-8000-${(++this.#clientIds).toString(16).padStart(12, '0')}`
  }

  readerSpeed(): number {
    if (this.healing || !this.climate.slowReaders || this.chance.happens(0.4))
      return Number.POSITIVE_INFINITY
    return this.chance.between(200, 4000)
  }

  /** Lets one thing happen, waits until the server's code has come to rest, and looks at what it did. */
  async step(): Promise<boolean> {
    const happened = this.schedule.step()
    await this.#upkeep
    await this.store.rest()
    await this.checker.look()
    return happened
  }

  async runUntil(moment: number): Promise<void> {
    while (this.schedule.now < moment && (await this.step()));
  }

  // The server.

  startServer(ready: () => void = () => {}): void {
    const { fault } = this.#options
    this.tell(() => 'the server starts')
    this.server = null
    ServerProcess.start(
      {
        store: this.store,
        schedule: this.schedule,
        chance: this.chance,
        climate: () => this.climate,
        limits: this.#bounds,
        seams: fault?.seams ?? {},
        wallOffset: () => this.#wallOffset,
        committed: () => this.checker.committed(),
        written: (userId, text) => this.checker.written(userId, text),
        trouble: (message, error) => this.checker.trouble(message, error),
        died: () => this.#died(),
      },
      (server) => {
        this.server = server
        this.tell(() => `the server is ready, epoch ${server.epoch}`)
        ready()
      },
    )
  }

  crashServer(): void {
    this.server?.kill()
  }

  crashServerAt(point: Failpoint): void {
    this.tell(() => `the server will crash at ${point}`)
    this.server?.crashAt(point)
  }

  #died(): void {
    this.tell(() => 'the server is dead')
    this.server = null
    this.crashes++
    if (!this.#restoring)
      this.schedule.after(this.chance.between(50, 4000), () => this.startServer())
  }

  backUpStore(): void {
    this.#upkeep = this.store.backUp()
  }

  /** An operator stops the server and puts the last backup in the place of its store. */
  restoreStore(): void {
    if (!this.server) return
    this.#restoring = true
    this.crashServer()
    this.tell(() => 'the store is put back to an earlier state')
    // Longer than anything stays in the network.
    this.schedule.after(this.chance.between(6000, 9000), () => {
      this.#upkeep = this.#putBack()
    })
  }

  async #putBack(): Promise<void> {
    await this.checker.truth.close()
    await this.store.restore()
    this.#restoring = false
    this.startServer(() => {
      this.epochs++
      this.checker.rewritten(this.server?.epoch ?? 0)
    })
  }

  /** A new version is rolled out: the server says good-bye, stops, and its successor starts. */
  deployServer(): void {
    this.tell(() => 'the server stops gracefully')
    void this.server?.stop()
  }

  stepClock(): void {
    this.#wallOffset += this.chance.between(-3000, 3000)
    this.tell(() => `the wall clock steps to ${this.#wallOffset.toFixed()}`)
  }

  // REST.

  rest(userId: string | null, op: string, about: RestCall): void {
    const { schedule, chance } = this
    const trip = () => chance.fraction() * this.climate.tripMs
    if (chance.happens(this.climate.requestLoss)) return
    schedule.after(trip(), () => {
      const { server } = this
      if (!server) return void schedule.after(trip(), () => about.done({ kind: 'lost' }))
      this.tell(() => `${userId} calls ${op} ${JSON.stringify(about.input)}`)
      server.call(userId, op, about.input).then(
        (outcome) => {
          if (server.life.vigour !== 'dead')
            this.#answer(userId, { outcome, trip, done: about.done })
        },
        (error) => this.checker.trouble(`${op} failed`, error),
      )
    })
  }

  #answer(
    userId: string | null,
    {
      outcome,
      trip,
      done,
    }: { readonly outcome: Outcome; trip(): number; done(outcome: Outcome): void },
  ): void {
    if (userId !== null && outcome.kind === 'answer')
      this.checker.restAnswered(userId, outcome.data)
    if (this.chance.happens(this.climate.answerLoss)) return
    this.schedule.after(trip(), () => {
      this.tell(() => `${userId} is answered ${JSON.stringify(outcome)}`)
      done(outcome)
    })
  }

  heal(): void {
    this.tell(() => 'the faults are over')
    this.healing = true
    this.climate = calm(this.climate)
  }

  async close(): Promise<void> {
    this.#restoring = true
    this.crashServer()
    await this.store.rest()
    await this.checker.truth.close()
    await this.store.remove()
    this.#uncramp()
  }
}

export interface RestCall {
  readonly input: object
  readonly done: (outcome: Outcome) => void
}
