import type { Link, LinkEvents } from '../client/surroundings.ts'
import type { Chance } from './chance.ts'
import type { Schedule } from './schedule.ts'

/** What the server's end of a connection is told. */
export interface FarEnd {
  text(text: string): void
  drained(): void
  closed(code: number): void
}

export interface WireOptions {
  readonly schedule: Schedule
  readonly chance: Chance
  /** The slowest trip, in ms. */
  readonly tripMs: () => number
  /** Bytes per second that the reader takes. */
  readonly bytesPerSecond: number
  readonly near: LinkEvents
  /** For the trace. */
  readonly said: (text: string) => void
}

const LOST = 1006

/**
 * One connection. It keeps the order of what it carries, it takes time, and it can break: then what is on its way is
 * lost, and each end learns of it in its own time, or not at all.
 */
export class Wire implements Link {
  readonly #options: WireOptions
  #far: FarEnd | null = null
  #nearArrival = 0
  #farArrival = 0
  /** The client listens. */
  #nearOpen = true
  /** The server was not told of an end yet. */
  #farOpen = true
  isBroken = false
  #unsent = 0
  #takenAt = 0
  #bytesPerSecond: number

  constructor(options: WireOptions) {
    this.#options = options
    this.#bytesPerSecond = options.bytesPerSecond
  }

  /** The handshake is over. */
  connect(far: FarEnd): void {
    this.#far = far
    this.#toNear(() => this.#options.near.opened())
  }

  // The client's end.

  send(text: string): void {
    this.#toFar(() => {
      this.#options.said(text)
      this.#far?.text(text)
    })
  }

  close(code: number): void {
    this.#nearOpen = false
    this.#toFar(() => this.#tellFar(code))
  }

  // The server's end.

  write(texts: readonly string[]): void {
    // What waits must not be overtaken, also when the reader has become fast.
    if (this.#unsent === 0 && this.#bytesPerSecond === Number.POSITIVE_INFINITY) this.#carry(texts)
    else this.#queue(texts)
  }

  #queue(texts: readonly string[]): void {
    const { schedule } = this.#options
    const size = texts.reduce((sum, text) => sum + text.length, 0)
    this.#unsent += size
    this.#takenAt = Math.max(this.#takenAt, schedule.now) + (size / this.#bytesPerSecond) * 1000
    schedule.at(this.#takenAt, () => {
      this.#unsent -= size
      this.#carry(texts)
      if (this.#unsent === 0 && this.#farOpen) this.#far?.drained()
    })
  }

  unsentBytes(): number {
    return this.#unsent
  }

  /** The close frame goes behind everything that was written. */
  closeFromFar(code: number): void {
    const { schedule } = this.#options
    schedule.at(Math.max(this.#takenAt, schedule.now), () => {
      this.#toNear(() => this.#tellNear(code))
      this.#toFar(() => this.#tellFar(code))
    })
  }

  /** From now on the reader takes everything at once. */
  speedUp(): void {
    this.#bytesPerSecond = Number.POSITIVE_INFINITY
  }

  /** Breaks. Each end notices after a while; a silent break is never told. */
  break(how: { readonly silent: boolean }): void {
    if (this.isBroken) return
    this.isBroken = true
    if (how.silent) return
    const { schedule, chance } = this.#options
    schedule.after(chance.between(0, 2000), () => this.#tellNear(LOST))
    schedule.after(chance.between(0, 5000), () => this.#tellFar(LOST))
  }

  /** The server's process is gone: what it had handed to the network may still arrive. */
  farDied(): void {
    this.#farOpen = false
    this.#toNear(() => this.#tellNear(LOST))
  }

  #carry(texts: readonly string[]): void {
    for (const text of texts) this.#toNear(() => this.#options.near.text(text))
  }

  #toNear(run: () => void): void {
    this.#nearArrival = this.#arrival(this.#nearArrival)
    this.#options.schedule.at(this.#nearArrival, () => {
      if (!this.isBroken && this.#nearOpen) run()
    })
  }

  #toFar(run: () => void): void {
    this.#farArrival = this.#arrival(this.#farArrival)
    this.#options.schedule.at(this.#farArrival, () => {
      if (!this.isBroken && this.#farOpen) run()
    })
  }

  /** Never before what was sent earlier in the same direction. */
  #arrival(last: number): number {
    const { schedule, chance, tripMs } = this.#options
    return Math.max(last, schedule.now + chance.fraction() * tripMs())
  }

  #tellNear(code: number): void {
    if (!this.#nearOpen) return
    this.#nearOpen = false
    this.#options.near.closed(code)
  }

  #tellFar(code: number): void {
    if (!this.#farOpen) return
    this.#farOpen = false
    this.#far?.closed(code)
  }
}
