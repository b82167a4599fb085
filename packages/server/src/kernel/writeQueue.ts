import { ChatError, type Limits } from '@tertulia/protocol'
import type { Announcement, Bus } from '../ports/bus.ts'
import type { Clock, Timers } from '../ports/clock.ts'
import type { Log } from '../ports/log.ts'
import { type Engine, StoreAwayError, StoreConflictError } from '../store/engine.ts'
import { Announcer, type Place } from './announcer.ts'
import { Failpoints } from './failpoints.ts'
import type { NodeLease } from './nodeLease.ts'
import type { Published } from './outbox.ts'
import { Transaction } from './transaction.ts'

export type Job<T> = (tx: Transaction) => Promise<T>

interface Waiting {
  readonly bytes: number
  readonly ahead: Ahead | null
  readonly job: Job<unknown>
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

type Outcome =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error: unknown }

/** A batch mate failed after it had written: the batch is undone and its operations run one by one. */
class Spoiled extends Error {}

/** Where a job waits. */
export interface Placing {
  /** Of its input, for the bound of a batch. */
  readonly bytes?: number
  /** Jobs of one lane keep their order and share transactions: the stream that they are about. */
  readonly lane?: string
  /** What may be read for several jobs at once, before the first of them runs. */
  readonly ahead?: Ahead | null
}

export interface Ahead {
  readonly read: (tx: Transaction, wishes: readonly unknown[]) => Promise<void>
  readonly wish: unknown
}

/** How often a transaction is run when others are faster. */
const ATTEMPTS = 5

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

/** Jobs that run one after another: those of one stream, or of the whole store where the engine is serial. */
interface Lane {
  readonly name: string
  readonly waiting: Waiting[]
}

const STORE = ''

/**
 * The one place where anything changes. A turn of the loop takes what waits in a lane into one transaction: commit,
 * answer, announce, in that order. No timer, so an idle store pays nothing. Lanes are there to make batches, not for
 * correctness: the locks of the streams keep transactions apart.
 */
export class WriteQueue {
  readonly #options: WriteQueueOptions
  readonly #failpoints: Failpoints
  /** The lanes in which something waits or runs. */
  readonly #lanes = new Map<string, Lane>()
  readonly #announcer: Announcer
  #length = 0
  #published: Published[] = []
  #idle: (() => void)[] = []

  constructor(options: WriteQueueOptions) {
    this.#options = options
    this.#failpoints = options.failpoints ?? new Failpoints()
    this.#announcer = new Announcer((announcement) => this.#announce(announcement))
  }

  /** Resolves once the change is durable. Rejects with `unavailable` when too much waits already. */
  submit<T>({ bytes = 0, lane = STORE, ahead = null }: Placing, job: Job<T>): Promise<T> {
    if (this.#length >= this.#options.limits.writeQueueOperations)
      return Promise.reject(new ChatError('unavailable', { retryAfterMs: 1000 }))
    return new Promise<T>((resolve, reject) => {
      this.#length++
      const waiting = { bytes, ahead, job, resolve: resolve as (result: unknown) => void, reject }
      this.#laneOf(this.#options.engine.serial ? STORE : lane).waiting.push(waiting)
    })
  }

  /** Resolves when nothing waits and nothing runs. */
  whenIdle(): Promise<void> {
    if (this.#lanes.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#idle.push(resolve))
  }

  /** Operations that wait and are not in a transaction yet. */
  get length(): number {
    return this.#length
  }

  /** What was announced since the last call, for the sweeper to mark. */
  takePublished(): readonly Published[] {
    const published = this.#published
    this.#published = []
    return published
  }

  #laneOf(name: string): Lane {
    const known = this.#lanes.get(name)
    if (known) return known
    const lane: Lane = { name, waiting: [] }
    this.#lanes.set(name, lane)
    this.#options.timers.nextTurn(() => void this.#turn(lane))
    return lane
  }

  async #turn(lane: Lane): Promise<void> {
    await this.#settle(this.#takeBatch(lane))
    if (lane.waiting.length > 0) {
      this.#options.timers.nextTurn(() => void this.#turn(lane))
      return
    }
    this.#lanes.delete(lane.name)
    if (this.#lanes.size === 0) for (const resolve of this.#idle.splice(0)) resolve()
  }

  #takeBatch({ waiting }: Lane): readonly Waiting[] {
    const { writeBatchOperations, writeBatchBytes } = this.#options.limits
    let bytes = 0
    let count = 0
    for (const job of waiting) {
      bytes += job.bytes
      if (count > 0 && (bytes > writeBatchBytes || count >= writeBatchOperations)) break
      count++
    }
    this.#length -= count
    return waiting.splice(0, count)
  }

  async #settle(batch: readonly Waiting[], attempt = 1): Promise<void> {
    const committed = await this.#commit(batch).catch((error: unknown) => ({ error }))
    if ('error' in committed) {
      await this.#recover(batch, committed.error, attempt)
      return
    }
    this.#failpoints.hit('after-commit')
    for (const [index, waiting] of batch.entries()) answer(waiting, committed.outcomes[index])
    this.#failpoints.hit('after-answer')
    this.#announcer.settle(committed.place, 'committed')
    this.#failpoints.hit('after-announce')
  }

  async #recover(batch: readonly Waiting[], error: unknown, attempt: number): Promise<void> {
    const cause = causeOf(error)
    // One by one they would wait for a store that is away as often as there are jobs.
    if (batch.length > 1 && !(cause instanceof StoreAwayError))
      for (const waiting of batch) await this.#settle([waiting])
    else if (batch.length === 1 && cause instanceof StoreConflictError && attempt < ATTEMPTS)
      await this.#settle(batch, attempt + 1)
    else for (const { reject } of batch) reject(error)
  }

  async #commit(batch: readonly Waiting[]) {
    const { engine, lease, epoch, clock } = this.#options
    let entered: Place | undefined
    const writing = engine.write(async (changes) => {
      const tx = new Transaction({ changes, ids: lease.ids, epoch, now: clock.now() })
      if (!engine.serial) await readAhead(tx, batch)
      const outcomes: Outcome[] = []
      for (const waiting of batch) outcomes.push(await attempt(tx, waiting))
      const announcements = await tx.finish()
      const reserved = await lease.cover(changes)
      const place = this.#announcer.enter(announcements)
      entered = place
      this.#failpoints.hit('before-commit')
      return { outcomes, place, reserved }
    })
    const committed = await writing.catch((error: unknown) => {
      if (entered) this.#announcer.settle(entered, 'given up')
      throw error
    })
    lease.covered(committed.reserved)
    return committed
  }

  /** What the bus does not take is committed all the same: the sweeper announces it again. */
  #announce(announcement: Announcement): void {
    try {
      this.#options.bus.publish(announcement)
    } catch (error) {
      this.#options.log.error({ err: error }, 'announcement failed')
      return
    }
    if (announcement.kind === 'event')
      this.#published.push({ stream: announcement.stream, seq: announcement.seq })
  }
}

/** Where every question goes over a network, it pays to ask for a whole batch. */
async function readAhead(tx: Transaction, batch: readonly Waiting[]): Promise<void> {
  const wishes = batch.flatMap(({ ahead }) => (ahead ? [ahead] : []))
  for (const [read, some] of Map.groupBy(wishes, (wish) => wish.read))
    if (some.length > 1)
      await read(
        tx,
        some.map(({ wish }) => wish),
      )
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
