import type { Timers } from '../ports/clock.ts'
import type { Framing } from '../ports/socket.ts'
import { Batch } from './batch.ts'
import type { Bytes } from './bytes.ts'
import type { Connection } from './connection.ts'

export interface FanoutOptions {
  readonly framing: Framing<Bytes>
  readonly timers: Timers
  /** Monotonic, whole ms. */
  readonly now: () => number
  /** Bytes of one connection above which its frames do not wait for the end of the turn. */
  readonly turnBytes: number
  /** Called after a write whose bytes the network did not take at once, or that follows such a write. */
  readonly behind: (connection: Connection, size: number) => void
  readonly failed: (connection: Connection, error: unknown) => void
}

/**
 * Gathers the frames of a turn of the loop and writes them once per connection, in the order in which they came.
 * Every frame of a connection goes this way, so none overtakes another.
 */
export class Fanout {
  readonly root = new Batch(null, null, 0)
  readonly #options: FanoutOptions
  readonly #dirty: (Connection | null)[] = []
  #count = 0
  /** Writes since the start, for metrics. */
  writes = 0

  constructor(options: FanoutOptions) {
    this.#options = options
  }

  add(connection: Connection, frame: Bytes): void {
    const before = connection.at
    if (before === this.root) {
      if (connection.phase === 'closed') return
      this.#mark(connection)
    }
    const after = before.and(frame, this.#options.framing)
    connection.at = after
    if (after.size > this.#options.turnBytes) this.flush(connection)
  }

  #mark(connection: Connection): void {
    if (this.#count === 0) this.#options.timers.nextTurn(this.#flushAll)
    this.#dirty[this.#count++] = connection
  }

  readonly #flushAll = (): void => {
    const now = this.#options.now()
    for (let index = 0; index < this.#count; index++) {
      const connection = this.#dirty[index]
      this.#dirty[index] = null
      if (connection && connection.at !== this.root) this.#write(connection, now)
    }
    this.#count = 0
    this.root.clear()
  }

  /** Writes what waits for one connection now. */
  flush(connection: Connection): void {
    if (connection.at !== this.root) this.#write(connection, this.#options.now())
  }

  /** Forgets what waits for one connection. */
  drop(connection: Connection): void {
    connection.at = this.root
  }

  #write(connection: Connection, now: number): void {
    const batch = connection.at
    connection.at = this.root
    connection.sentAt = now
    this.writes++
    try {
      const bytes = batch.bytes(this.#options.framing)
      if (bytes !== null) connection.socket.write(bytes)
      if (connection.backlog !== null || connection.socket.unsentBytes() > 0)
        this.#options.behind(connection, batch.size)
    } catch (error) {
      this.#options.failed(connection, error)
    }
  }
}
