import { ChatError, type Limits } from '@tertulia/protocol'
import type { Announcement, Bus } from '../ports/bus.ts'
import type { Clock, Timers } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import type { Engine } from '../store/engine.ts'
import { Failpoints } from './failpoints.ts'
import type { NodeLease } from './nodeLease.ts'
import type { Published } from './outbox.ts'
import { Transaction } from './transaction.ts'

export type Job<T> = (tx: Transaction) => Promise<T>

interface Waiting {
  readonly bytes: number
  readonly job: Job<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: unknown }

/** A batch mate failed after it had written: the batch is undone and its operations run one by one. */
class Spoiled extends Error {}

export interface WriteQueueOptions {
  readonly engine: Engine
  readonly lease: NodeLease
  readonly epoch: number
  readonly bus: Bus
  readonly clock: Clock
  readonly timers: Timers
  readonly limits: Limits
  readonly log: Log
  readonly failpoints?: Failpoints
}

/**
 * The one place where anything changes. A turn of the loop takes what waits into one transaction: commit, answer,
 * announce, in that order. No timer, so an idle store pays nothing.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #failpoints: Failpoints
  readonly #waiting: Waiting[] = []
  #published: Published[] = []
  #running = false
  #idle: (() => void)[] = []

  constructor(options: WriteQueueOptions) {
    this.#options = options
    this.#failpoints = options.failpoints ?? new Failpoints()
  }

  /** Resolves once the change is durable. Rejects with `unavailable` when too much waits already. */
  submit<T>(bytes: number, job: Job<T>): Promise<T> {
    if (this.#waiting.length >= this.#options.limits.writeQueueOperations)
      return Promise.reject(new ChatError('unavailable', { retryAfterMs: 1000 }))
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ bytes, job, resolve: resolve as (result: unknown) => void, reject })
      this.#wake()
    })
  }

  /** Resolves when nothing waits and nothing runs. */
  whenIdle(): Promise<void> {
    if (!this.#running && this.#waiting.length === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  get length(): number {
    return this.#waiting.length
  }

  /** What was announced since the last call, for the sweeper to mark. */
  takePublished(): readonly Published[] {
    const published = this.#published
    this.#published = []
    return published
  }

  #wake(): void {
    if (this.#running) return
    this.#running = true
    this.#options.timers.nextTurn(() => void this.#turn())
  }

  async #turn(): Promise<void> {
    await this.#settle(this.#takeBatch())
    if (this.#waiting.length > 0) {
      this.#options.timers.nextTurn(() => void this.#turn())
      return
    }
    this.#running = false
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #takeBatch(): readonly Waiting[] {
    const { writeBatchOperations, writeBatchBytes } = this.#options.limits
    let bytes = 0
    let count = 0
    for (const waiting of this.#waiting) {
      bytes += waiting.bytes
      if (count > 0 && (bytes > writeBatchBytes || count >= writeBatchOperations)) break
      count++
    }
    return this.#waiting.splice(0, count)
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    const committed = await this.#commit(batch).catch((error: unknown) => ({ error }))
    if ('error' in committed) {
      if (batch.length === 1) batch[0]?.reject(committed.error)
      else for (const waiting of batch) await this.#settle([waiting])
      return
    }
    this.#failpoints.hit('after-commit')
    for (const [index, waiting] of batch.entries()) answer(waiting, committed.outcomes[index])
    this.#failpoints.hit('after-answer')
    this.#announce(committed.announcements)
    this.#failpoints.hit('after-announce')
  }

  async #commit(batch: readonly Waiting[]) {
    const { engine, lease, epoch, clock } = this.#options
    return engine.write(async (changes) => {
      const tx = new Transaction({ changes, lease, epoch, now: clock.now() })
      const outcomes: Outcome[] = []
      for (const waiting of batch) outcomes.push(await attempt(tx, waiting))
      const announcements = await tx.finish()
      this.#failpoints.hit('before-commit')
      return { outcomes, announcements }
    })
  }

  /** What the bus does not take is committed all the same: the sweeper announces it again. */
  #announce(announcements: readonly Announcement[]): void {
    for (const announcement of announcements) {
      try {
        this.#options.bus.publish(announcement)
      } catch (error) {
        this.#options.log.error({ err: error }, 'announcement failed')
        continue
      }
      if (announcement.kind === 'event')
        this.#published.push({ stream: announcement.stream, seq: announcement.seq })
    }
  }
}

async function attempt(tx: Transaction, { job }: Waiting): Promise<Outcome> {
  tx.dirty = false
  try {
    return { ok: true, result: await job(tx) }
  } catch (error) {
    // Refused before it wrote anything: its batch mates are untouched.
    if (!tx.dirty && error instanceof ChatError) return { ok: false, error }
    throw new Spoiled('An operation failed after it had written.', { cause: error })
  }
}

function answer({ resolve, reject }: Waiting, outcome: Outcome | undefined): void {
  if (outcome?.ok) resolve(outcome.result)
  else reject(outcome?.error)
}

/** The error that a caller should see of whatever a transaction threw. */
export const causeOf = (error: unknown): unknown => (error instanceof Spoiled ? error.cause : error)
