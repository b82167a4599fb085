/**
 * Time, chance and turns of the loop, injected everywhere so that one seed can replay a whole run.
 */
export interface Clock {
  /** Wall clock, ms since 1970. May step in both directions: never measure a duration with it. */
  now(): number
  /** Monotonic ms since some fixed moment: for durations and deadlines. */
  monotonic(): number
}

export interface Random {
  /** A number in [0, 1). */
  fraction(): number
  /** Unguessable bytes. */
  bytes(count: number): Uint8Array
}

export interface Timer {
  cancel(): void
}

export interface Timers {
  /** Runs once in a later turn of the loop, after what already waits. */
  nextTurn(run: () => void): void
  /** Runs once after `ms`. A pending timer does not keep the process alive. */
  after(ms: number, run: () => void): Timer
}
