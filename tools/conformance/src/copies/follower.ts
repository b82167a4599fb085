import type { ServerFrame } from '@tertulia/protocol'

/** A frame that covers a range of one stream. */
export type RangeFrame = Extract<ServerFrame, { readonly type: 'event' | 'events' }>

/** Where a copy stands. */
export interface Position {
  readonly epoch: number
  readonly seq: number
}

/**
 * Puts the frames of one stream in order: frames seen already are dropped, frames that came too early wait
 * (section 7 of SPEC.md). A hole is never closed by guessing: the copy then stays behind, and the law says so.
 */
export class Follower {
  #waiting: RangeFrame[] = []
  #position: Position | null = null
  readonly #apply: (frame: RangeFrame) => void

  constructor(apply: (frame: RangeFrame) => void) {
    this.#apply = apply
  }

  get position(): Position | null {
    return this.#position
  }

  begin(position: Position): void {
    this.#position = position
    this.#drain()
  }

  receive(frame: RangeFrame): void {
    this.#waiting.push(frame)
    this.#drain()
  }

  #drain(): void {
    for (let next = this.#next(); next; next = this.#next()) {
      this.#waiting.splice(this.#waiting.indexOf(next), 1)
      if (next.seq <= (this.#position?.seq ?? 0)) continue
      this.#apply(next)
      this.#position = { epoch: next.epoch, seq: next.seq }
    }
  }

  #next(): RangeFrame | undefined {
    const { seq } = this.#position ?? { seq: -1 }
    return this.#waiting.find((frame) => frame.prev <= seq)
  }
}

/** The events in a frame, one or many. */
export const toldBy = (frame: RangeFrame) => (frame.type === 'event' ? [frame] : frame.events)
