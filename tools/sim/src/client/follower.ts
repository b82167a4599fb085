import type { Cursor, EventFrame, EventsFrame } from '@tertulia/protocol'
import type { Surroundings, Timer } from './surroundings.ts'

/** One event as a frame tells it. */
export interface ToldEvent {
  readonly seq: number
  readonly name: string
  readonly data: object
}

/** A frame that covers the range (prev, seq] of a stream. */
export interface RangeFrame extends Cursor {
  readonly prev: number
  readonly events: readonly ToldEvent[]
  /** How many events of the range were left out on purpose. */
  readonly omitted: number
}

export function rangeOf(frame: EventFrame | EventsFrame): RangeFrame {
  const { epoch, prev, seq } = frame
  return frame.type === 'event'
    ? { epoch, prev, seq, events: [frame], omitted: 0 }
    : { epoch, prev, seq, events: frame.events, omitted: frame.omitted }
}

/** Where a frame stands to the cursor. */
export type Place = 'seen' | 'next' | 'early'

/** The content of a stream. The follower says what to change and in which order. */
export interface StreamCopy<Delta, Reset> {
  applyEvent(event: ToldEvent): void
  /** The copy is complete up to this position. */
  extendTo(seq: number): void
  /** The same, without something between: what is complete begins anew above (RANGE-3). */
  skipTo(seq: number, after: number): void
  applyDelta(delta: Delta): void
  applyReset(reset: Reset): void
}

type At = Cursor & { readonly status: 'same' | 'head' }
interface DeltaLike {
  readonly status: 'delta'
  readonly epoch: number
  readonly through: number
}
interface ResetLike {
  readonly status: 'reset'
  readonly epoch: number
  readonly through: number
}

/** A sync that is unanswered. Its answer is known by the identity of this object. */
export interface Ask {
  readonly cursor: Cursor | null
}

export interface FollowerOptions<Delta, Reset> {
  readonly copy: StreamCopy<Delta, Reset>
  readonly surroundings: Pick<Surroundings, 'after' | 'fraction'>
  /** Calls `sync.pull` for this stream. The answer comes back by `onAnswer` or `onNoAnswer`. */
  readonly pull: (ask: Ask) => void
  /** Rows and cursor changed in one transaction, which is over. */
  readonly moved: (cursor: Cursor) => void
}

const isAfter = (one: Cursor, other: Cursor): boolean =>
  one.epoch === other.epoch ? one.seq > other.seq : one.epoch > other.epoch

const BUFFERED_FRAMES = 200
const WAIT_MS = 300

/** Keeps a copy of one stream true, whatever happens to frames and answers: section 7 of the specification. */
export class Follower<Delta extends DeltaLike, Reset extends ResetLike> {
  cursor: Cursor | null = null
  /** False for a channel without interest `full`: heads are no reason to sync then. */
  eager = true
  /** The newest head that was told, for the list. */
  knownHead = 0
  protected readonly options: FollowerOptions<Delta, Reset>
  #buffer: RangeFrame[] = []
  #ask: Ask | null = null
  #again = false
  #timer: Timer | null = null
  /** The newest of the own answers. */
  #ownAt: Cursor | null = null

  constructor(options: FollowerOptions<Delta, Reset>) {
    this.options = options
  }

  onFrame(frame: RangeFrame): void {
    const { cursor } = this
    if (!cursor) this.#hold(frame)
    else if (frame.epoch > cursor.epoch) this.#syncIfEager()
    else if (frame.epoch < cursor.epoch) return
    else this.#place(frame, this.standing(frame, cursor))
  }

  #place(frame: RangeFrame, standing: Place): void {
    if (standing === 'next') {
      this.#apply(frame)
      this.#drain()
    } else if (standing === 'early' && this.eager) {
      this.#hold(frame)
      this.#startTimer()
    }
  }

  /** Continuity is `prev` at or below the cursor and `seq` above it (SEQ-6). */
  protected standing({ prev, seq }: RangeFrame, cursor: Cursor): Place {
    if (seq <= cursor.seq) return 'seen'
    return prev <= cursor.seq ? 'next' : 'early'
  }

  /** A head from a heartbeat, a gap, a bump or a status. Without an epoch it is taken as the cursor's. */
  onHead(seq: number, epoch: number | null = null): void {
    this.knownHead = seq
    const { cursor } = this
    if (!cursor || epoch === null || epoch === cursor.epoch) {
      if (!cursor || seq > cursor.seq) this.#syncIfEager()
    } else if (epoch > cursor.epoch) this.#syncIfEager()
  }

  /** The only way in which a lost last event is found. */
  onHeartbeat(seq: number): void {
    this.onHead(seq)
  }

  /** The answer to an own call has a seq: its event is on the way. */
  onOwnAnswer(at: Cursor): void {
    if (!this.eager || this.#hasReached(at)) return
    if (!this.#ownAt || isAfter(at, this.#ownAt)) this.#ownAt = at
    this.#startTimer()
  }

  #hasReached(at: Cursor): boolean {
    return this.cursor !== null && !isAfter(at, this.cursor)
  }

  sync(): void {
    if (this.#ask) this.#again = true
    else this.options.pull(this.beginAsk())
  }

  /** A hello, an interest.set or a pull asks now; the answer to anything asked before is not waited for any more. */
  beginAsk(): Ask {
    this.#ask = { cursor: this.cursor }
    return this.#ask
  }

  isAsked(ask: Ask): boolean {
    return this.#ask === ask
  }

  onAnswer(ask: Ask, answer: At | Delta | Reset): void {
    if (!this.isAsked(ask)) return
    this.#ask = null
    this.#take(ask, answer)
    this.#drain()
    if (!this.#again) return
    this.#again = false
    this.sync()
  }

  /** Whether the stream still has to be asked for. */
  onNoAnswer(ask: Ask): boolean {
    if (!this.isAsked(ask)) return false
    this.#ask = null
    return true
  }

  /** What is in memory only is lost: the app was closed. */
  forget(): void {
    this.#buffer = []
    this.#ask = null
    this.#again = false
    this.#ownAt = null
    this.#stopTimer()
  }

  #take(ask: Ask, answer: At | Delta | Reset): void {
    if (answer.status === 'delta') this.#takeDelta(ask, answer)
    else if (answer.status === 'reset') this.#takeReset(answer)
    else if (answer.status === 'same') this.#takeSame(ask, answer)
    else this.onHead(answer.seq, answer.epoch)
  }

  #takeSame(ask: Ask, { epoch }: At): void {
    if (this.#fits(ask, epoch)) this.#moveTo({ epoch, seq: this.cursor?.seq ?? 0 })
  }

  #takeDelta(ask: Ask, delta: Delta): void {
    if (!this.#fits(ask, delta.epoch) || this.isOld(delta)) return
    this.options.copy.applyDelta(delta)
    this.#moveTo({ epoch: delta.epoch, seq: this.seqAfterDelta(delta.through) })
  }

  /** Live frames were faster: all that it tells is known, and what has no version would go back. */
  protected isOld({ epoch, through }: Delta): boolean {
    return epoch === this.cursor?.epoch && through <= this.cursor.seq
  }

  protected seqAfterDelta(through: number): number {
    return Math.max(this.cursor?.seq ?? 0, through)
  }

  /** An answer of a newer epoch fits only the position that it was asked for. */
  #fits({ cursor }: Ask, epoch: number): boolean {
    if (!this.cursor || epoch < this.cursor.epoch) return false
    if (epoch === this.cursor.epoch || this.cursor.seq === cursor?.seq) return true
    this.#again = true
    return false
  }

  #takeReset(reset: Reset): void {
    if (this.cursor && reset.epoch < this.cursor.epoch) return
    this.options.copy.applyReset(reset)
    if (this.cursor?.epoch === reset.epoch && this.cursor.seq > reset.through) this.#again = true
    this.#moveTo({ epoch: reset.epoch, seq: reset.through })
  }

  #apply(frame: RangeFrame): void {
    const { copy } = this.options
    for (const event of frame.events) copy.applyEvent(event)
    if (frame.omitted > 0) copy.skipTo(frame.seq, frame.prev)
    this.#moveTo({ epoch: frame.epoch, seq: this.seqAfterFrame(frame.seq) })
  }

  protected seqAfterFrame(seq: number): number {
    return seq
  }

  #moveTo(cursor: Cursor): void {
    this.cursor = cursor
    this.options.copy.extendTo(cursor.seq)
    this.options.moved(cursor)
  }

  #hold(frame: RangeFrame): void {
    this.#buffer.push(frame)
    if (this.#buffer.length <= BUFFERED_FRAMES) return
    this.#buffer = []
    this.sync()
  }

  #drain(): void {
    const { cursor } = this
    if (!cursor) return
    const next = this.#buffer.findIndex(({ prev }) => prev <= cursor.seq)
    const [frame] = next < 0 ? [] : this.#buffer.splice(next, 1)
    if (frame) {
      if (frame.epoch === cursor.epoch && frame.seq > cursor.seq) this.#apply(frame)
      this.#drain()
    } else if (!this.#isWaiting()) this.#stopTimer()
  }

  #isWaiting(): boolean {
    return this.#buffer.length > 0 || (this.#ownAt !== null && !this.#hasReached(this.#ownAt))
  }

  #startTimer(): void {
    const { surroundings } = this.options
    this.#timer ??= surroundings.after(WAIT_MS * (1 + surroundings.fraction()), () => {
      this.#timer = null
      if (this.#isWaiting()) this.sync()
    })
  }

  #stopTimer(): void {
    this.#timer?.cancel()
    this.#timer = null
  }

  #syncIfEager(): void {
    if (this.eager) this.sync()
  }
}
