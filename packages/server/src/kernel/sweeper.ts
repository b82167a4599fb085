import type { Limits } from '@tertulia/protocol'
import type { Bus } from '../ports/bus.ts'
import type { Clock, Timer, Timers } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from '../store/engine.ts'
import type { Settings } from './handlers.ts'
import { forgetBefore, hasForgettable } from './idempotency.ts'
import { accessAfter, dropExpired, dueAnnouncements, hasExpired, markPublished } from './outbox.ts'
import { unavailableBy } from './unavailable.ts'
import type { WriteQueue } from './writeQueue.ts'

/** A chore of the sweeper: does one bounded slice. Returns whether there may be more. */
export type Chore = (sweep: SweeperOptions) => Promise<boolean>

export interface SweeperOptions {
  readonly engine: Engine
  readonly queue: WriteQueue
  readonly bus: Bus
  readonly clock: Clock
  readonly timers: Timers
  readonly limits: Limits
  readonly settings: Settings
  readonly log: Log
  /** Chores of features. */
  readonly chores: readonly Chore[]
}

/** Runs until stopped: announces what the bus may have missed and throws away what is past its time. */
export class Sweeper {
  readonly #options: SweeperOptions
  #timer: Timer | null = null
  #stopped = false
  #round: Promise<unknown> = Promise.resolve()
  readonly #all: readonly Chore[]
  #allAt = 0

  constructor(options: SweeperOptions) {
    this.#options = options
    this.#all = [markAnnounced, announceAgain, dropOutbox, forgetKeys, ...options.chores]
  }

  run(): void {
    this.#runAfter(this.#options.limits.sweepMs, this.#all)
  }

  #runAfter(ms: number, chores: readonly Chore[]): void {
    this.#timer = this.#options.timers.after(ms, () => {
      this.#round = this.sweep(chores).then((left) => {
        if (!this.#stopped) this.#goOn(left)
      })
    })
  }

  /**
   * What is left over waits for one turn only: a deleted channel must not keep its members waiting for minutes. It
   * does not keep the other chores waiting either.
   */
  #goOn(left: readonly Chore[]): void {
    const { clock, limits } = this.#options
    if (left.length === 0) this.#runAfter(limits.sweepMs, this.#all)
    else if (clock.monotonic() < this.#allAt + limits.sweepMs) this.#runAfter(0, left)
    else this.#runAfter(0, this.#all)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#round
    await markAnnounced(this.#options).catch(() => undefined)
  }

  /**
   * One round. A chore that fails is logged and tried again in the next one. Resolves with those that may have more to
   * do.
   */
  async sweep(chores = this.#all): Promise<readonly Chore[]> {
    if (chores === this.#all) this.#allAt = this.#options.clock.monotonic()
    const left: Chore[] = []
    for (const chore of chores) {
      try {
        if (await chore(this.#options)) left.push(chore)
      } catch (error) {
        // The store says once by itself that it is away or full.
        if (unavailableBy(error)) continue
        this.#options.log.error({ chore: chore.name, err: error }, 'chore failed')
      }
    }
    return left
  }
}

const markAnnounced: Chore = async ({ queue, clock }) => {
  const published = queue.takePublished()
  if (published.length === 0) return false
  await queue.submit({}, async (tx) => markPublished(tx, published, clock.now()))
  return false
}

/** After a crash between commit and announcement, or a bus that lost it. Receivers know doubles by their seq. */
const announceAgain: Chore = async ({ engine, queue, bus, clock, limits }) => {
  const before = clock.now() - limits.outboxRetryMs
  const due = await engine.read((db) => dueAnnouncements(db, before, limits.sweepRows))
  if (due.length === 0) return false
  for (const announcement of due) {
    // A node that started since knows of no removal: an old grant alone would open the channel to somebody removed.
    const changes = announcement.access.length > 0 || announcement.gate !== null
    const later = changes ? await engine.read((db) => accessAfter(db, announcement)) : []
    for (const one of [announcement, ...later]) bus.publish(one)
  }
  await queue.submit({}, async (tx) => markPublished(tx, due, clock.now()))
  return due.length === limits.sweepRows
}

const dropOutbox: Chore = async ({ engine, queue, clock, limits }) => {
  const before = clock.now() - limits.outboxMs
  if (!(await engine.read((db) => hasExpired(db, before)))) return false
  return (
    (await queue.submit({}, (tx) => dropExpired(tx, before, limits.sweepRows))) === limits.sweepRows
  )
}

const forgetKeys: Chore = async ({ engine, queue, clock, limits }) => {
  const before = clock.now() - limits.idempotencyMs
  if (!(await engine.read((db) => hasForgettable(db, before)))) return false
  return (
    (await queue.submit({}, (tx) => forgetBefore(tx, before, limits.sweepRows))) ===
    limits.sweepRows
  )
}
