import type { Clock, Timers } from '@tertulia/server/parts'
import type { Chance } from '../world/chance.ts'
import type { Schedule } from '../world/schedule.ts'

/** `dying`: it commits and announces nothing any more, but what it had handed on may still get out. */
export type Vigour = 'alive' | 'dying' | 'dead'

/** Thrown where a server is made to crash. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** A moment of the wall clock at which every run begins. */
export const START = 1_800_000_000_000
const TURN_MS = 0.5

/** Time as one server process sees it. When the process is dead, nothing of it runs any more. */
export class Life implements Clock, Timers {
  vigour: Vigour = 'alive'
  readonly #schedule: Schedule
  readonly #chance: Chance
  readonly #wallOffset: () => number
  #lastTurn = 0

  constructor(schedule: Schedule, chance: Chance, wallOffset: () => number) {
    this.#schedule = schedule
    this.#chance = chance
    this.#wallOffset = wallOffset
  }

  now(): number {
    return Math.floor(START + this.#schedule.now + this.#wallOffset())
  }

  monotonic(): number {
    return this.#schedule.now
  }

  nextTurn(run: () => void): void {
    const { now } = this.#schedule
    this.#lastTurn = Math.max(this.#lastTurn, now + this.#chance.fraction() * TURN_MS)
    this.#schedule.at(this.#lastTurn, this.#whileAlive(run))
  }

  after(ms: number, run: () => void) {
    return this.#schedule.after(ms, this.#whileAlive(run))
  }

  #whileAlive(run: () => void): () => void {
    return () => {
      if (this.vigour !== 'dead') run()
    }
  }

  /** Resolves after up to `most` ms, at once when that is 0, and never in a dead process. */
  async pause(most: number): Promise<void> {
    if (most > 0)
      await new Promise<void>((resolve) => this.after(this.#chance.fraction() * most, resolve))
  }
}

/** What a process that is no more answers to its own code. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {})
