import type { Timer, Timers } from '../ports/clock.ts'

/** Something with at most one moment at which it wants a look. */
export interface Waiting {
  /** The turn of the wheel in which it is due; -1 when it waits for nothing. Only the wheel writes it. */
  turn: number
}

export interface WheelOptions<Item> {
  readonly timers: Timers
  /** Monotonic ms. */
  readonly now: () => number
  /** Called once per item, which is off the wheel then; it may be put on it again. It may be early: look at the clock. */
  readonly run: (item: Item, now: number) => void
}

const TURN_MS = 250
const TURNS = 128

/**
 * One timer for any number of deadlines, exact to a quarter of a second and never early by more than the horizon
 * (32 s): a deadline beyond it comes up at the horizon and is put on again. Stands still when it is empty.
 */
export class Wheel<Item extends Waiting> {
  readonly #options: WheelOptions<Item>
  readonly #slots: readonly Set<Item>[] = Array.from({ length: TURNS }, () => new Set<Item>())
  #size = 0
  #turn = 0
  #timer: Timer | null = null

  constructor(options: WheelOptions<Item>) {
    this.#options = options
  }

  /** Moves the item to another moment. */
  put(item: Item, dueAt: number): void {
    this.remove(item)
    if (this.#timer === null) this.#start()
    const wanted = Math.max(Math.ceil(dueAt / TURN_MS), this.#turn + 1)
    item.turn = Math.min(wanted, this.#turn + TURNS - 1)
    this.#slotOf(item).add(item)
    this.#size++
  }

  /** Moves the item only if it would be due later. */
  hasten(item: Item, dueAt: number): void {
    if (item.turn === -1 || item.turn * TURN_MS > dueAt) this.put(item, dueAt)
  }

  remove(item: Item): void {
    if (item.turn === -1) return
    this.#slotOf(item).delete(item)
    item.turn = -1
    this.#size--
  }

  /** Forgets all items. */
  stop(): void {
    for (const slot of this.#slots) for (const item of slot) this.remove(item)
    this.#timer?.cancel()
    this.#timer = null
  }

  #slotOf(item: Item): Set<Item> {
    const slot = this.#slots[item.turn % TURNS]
    if (!slot) throw new RangeError(`The wheel has no turn ${item.turn}.`)
    return slot
  }

  #start(): void {
    this.#turn = Math.floor(this.#options.now() / TURN_MS)
    this.#arm()
  }

  #arm(): void {
    this.#timer = this.#options.timers.after(TURN_MS, this.#tick)
  }

  readonly #tick = (): void => {
    const now = this.#options.now()
    const reached = Math.floor(now / TURN_MS)
    // After a long stop of the process every slot is due at most once.
    const first = Math.max(this.#turn + 1, reached - TURNS + 1)
    this.#turn = Math.max(reached, this.#turn)
    for (let turn = first; turn <= reached; turn++) this.#runSlot(turn, now)
    if (this.#size > 0) this.#arm()
    else this.#timer = null
  }

  #runSlot(turn: number, now: number): void {
    const slot = this.#slots[turn % TURNS]
    if (!slot || slot.size === 0) return
    for (const item of [...slot]) {
      // Another item's look may have moved or ended this one.
      if (!slot.has(item) || item.turn > this.#turn) continue
      this.remove(item)
      this.#options.run(item, now)
    }
  }
}
