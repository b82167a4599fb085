import type { Clock, Random, Timers } from '../ports/clock.ts'

/** Time that stands still until a test moves it. */
export class SimulatedTime implements Clock, Timers {
  #now = 1_763_800_000_000
  #monotonic = 1000
  #turn: (() => void)[] = []
  #timers: { readonly at: number; readonly run: () => void }[] = []

  now(): number {
    return this.#now
  }

  monotonic(): number {
    return this.#monotonic
  }

  nextTurn(run: () => void): void {
    this.#turn.push(run)
  }

  after(ms: number, run: () => void) {
    const timer = { at: this.#monotonic + ms, run }
    this.#timers.push(timer)
    return {
      cancel: () => {
        this.#timers = this.#timers.filter((other) => other !== timer)
      },
    }
  }

  get pendingTimers(): number {
    return this.#timers.length
  }

  /** Runs what waits for the next turn of the loop. */
  turn(): void {
    for (const run of this.#turn.splice(0)) run()
  }

  /** Lets promises settle and turns pass until nothing waits any more. */
  async settle(): Promise<void> {
    do {
      this.turn()
      await new Promise((resolve) => setImmediate(resolve))
    } while (this.#turn.length > 0)
  }

  /** Moves both clocks, and runs the timers on the way at their own moments. */
  async pass(ms: number): Promise<void> {
    const end = this.#monotonic + ms
    for (let next = this.#nextBefore(end); next; next = this.#nextBefore(end)) {
      this.#moveTo(Math.max(next.at, this.#monotonic))
      this.#timers = this.#timers.filter((other) => other !== next)
      next.run()
      await this.settle()
    }
    this.#moveTo(end)
  }

  #nextBefore(end: number) {
    return this.#timers.filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0]
  }

  #moveTo(monotonic: number): void {
    this.#now += monotonic - this.#monotonic
    this.#monotonic = monotonic
  }
}

/** The same numbers in every run. */
export function createSeededRandom(seed = 1): Random {
  let state = seed
  const next = () => {
    state = (state * 48_271) % 2_147_483_647
    return state
  }
  return {
    fraction: () => next() / 2_147_483_647,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() % 256),
  }
}
