import type { Clock, Timer, Timers } from '../ports/clock.ts'

export interface LaterOptions<Item> {
  readonly timers: Timers
  readonly clock: Pick<Clock, 'monotonic'>
  readonly ms: number
  /** Called once for each item when it is due; the item may be put in again. */
  readonly run: (item: Item) => void
}

/** Things that are due a fixed time after they were put in: one timer for all of them, and none for none. */
export class Later<Item> {
  readonly #options: LaterOptions<Item>
  /** Monotonic ms. As the time is the same for all, the first put in is the first that is due. */
  readonly #dueAt = new Map<Item, number>()
  #timer: Timer | null = null

  constructor(options: LaterOptions<Item>) {
    this.#options = options
  }

  has(item: Item): boolean {
    return this.#dueAt.has(item)
  }

  /** From now on, whenever it would have been due before. */
  put(item: Item): void {
    const { clock, ms } = this.#options
    this.#dueAt.delete(item)
    this.#dueAt.set(item, clock.monotonic() + ms)
    this.#timer ??= this.#after(ms)
  }

  remove(item: Item): void {
    this.#dueAt.delete(item)
    if (this.#dueAt.size > 0) return
    this.#timer?.cancel()
    this.#timer = null
  }

  /** Forgets everything. */
  clear(): void {
    this.#dueAt.clear()
    this.#timer?.cancel()
    this.#timer = null
  }

  #after(ms: number): Timer {
    return this.#options.timers.after(Math.ceil(ms), () => this.#look())
  }

  /** The item for which the timer was started may have been moved or taken out. */
  #look(): void {
    const now = this.#options.clock.monotonic()
    this.#timer = null
    for (const [item, dueAt] of this.#dueAt) {
      if (dueAt > now) {
        this.#timer ??= this.#after(dueAt - now)
        return
      }
      this.#dueAt.delete(item)
      this.#options.run(item)
    }
  }
}
