import type { Session } from '../ports/product.ts'
import type { Caller, Socket, SocketEvents } from '../ports/socket.ts'
import type { Batch } from './batch.ts'
import type { Bytes } from './bytes.ts'
import type { Hub } from './hub.ts'
import type { Join, Opening } from './joins.ts'
import type { Person } from './people.ts'
import type { Backlog, Lag } from './slowReader.ts'

/** `waiting` for the hello, `opening` until the welcome, `open`, `closed`. */
export type Phase = 'waiting' | 'opening' | 'open' | 'closed'

/** What one gateway does with what its sockets tell. */
export interface Receiver {
  text(connection: Connection, text: string): void
  binary(connection: Connection): void
  pinged(connection: Connection): void
  drained(connection: Connection): void
  closed(connection: Connection, code: number): void
}

const NO_HUBS: readonly Hub[] = []
const NO_SPOTS: readonly number[] = []

/**
 * Everything that is kept for one socket. There are tens of thousands of them: no closures, no objects per channel,
 * whole milliseconds (small integers need no heap object), and what few connections need is null until then.
 */
export class Connection implements SocketEvents {
  // What every delivery touches stands first, side by side: with thousands of members, reading it is waiting for memory.
  readonly socket: Socket<Bytes>
  /** The frames of this turn; the root when there are none. */
  at: Batch
  lag: Lag | null = null
  backlog: Backlog | null = null
  phase: Phase = 'waiting'
  /** Monotonic ms. */
  sentAt: number

  readonly id: string
  readonly #receiver: Receiver
  /** Null after the hello: a token or a ticket is not kept longer than needed. */
  caller: Caller | null
  session: Session | null = null
  person: Person | null = null
  device = ''

  /** The channels with interest, oldest first, and for each where this connection stands there. See `watching.ts`. */
  hubs = NO_HUBS as Hub[]
  spots = NO_SPOTS as number[]
  fullCount = 0
  joins: Join[] | null = null
  opening: Opening | null = null
  /** The last change of interest, while it is under way: they are done one after another. */
  interestTurn: Promise<void> | null = null

  /** Monotonic ms. */
  heardAt: number
  beatAt: number
  /** ms between heartbeats, with this connection's own jitter. */
  beatEvery = 0
  /** ms before the expiry of the token at which the client is told; null once it was. */
  warnAt: number | null = null
  /** The place on the timer wheel. */
  turn = -1

  inFlight: Set<number> | null = null
  /** Ends after the last answer: the server stops. */
  leaving = false
  requests = 0
  malformed = 0
  violations: number[] | null = null
  /** Monotonic ms at which the inbound budget is whole again. */
  budgetFullAt = 0
  /** It was told to slow down, and has not calmed down since. */
  warned = false

  constructor(about: {
    readonly id: string
    readonly socket: Socket<Bytes>
    readonly receiver: Receiver
    readonly caller: Caller
    readonly root: Batch
    readonly now: number
  }) {
    this.socket = about.socket
    this.at = about.root
    this.sentAt = about.now
    this.id = about.id
    this.#receiver = about.receiver
    this.caller = about.caller
    this.heardAt = about.now
    this.beatAt = about.now
  }

  /** A method, because the phase may change while something is awaited. */
  isClosed(): boolean {
    return this.phase === 'closed'
  }

  nextRequestId(): string {
    return `${this.id}.${++this.requests}`
  }

  text(text: string): void {
    this.#receiver.text(this, text)
  }

  binary(): void {
    this.#receiver.binary(this)
  }

  pinged(): void {
    this.#receiver.pinged(this)
  }

  drained(): void {
    this.#receiver.drained(this)
  }

  closed(code: number): void {
    this.#receiver.closed(this, code)
  }
}
