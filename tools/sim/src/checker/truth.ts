import type { Committed, CommittedStream, StreamRow } from '../store/committed.ts'
import { ChannelHistory } from './channelHistory.ts'
import { OwnHistory } from './ownHistory.ts'
import { Violation } from './violation.ts'

/** All streams in one epoch of the store. */
export interface History {
  readonly epoch: number
  readonly channels: Map<string, ChannelHistory>
  /** By the app's id of the user. */
  readonly own: Map<string, OwnHistory>
}

/**
 * What is committed, read from the store by a connection of its own. Nothing here trusts what the server says of
 * itself.
 */
export class Truth {
  /** By epoch, the present one last. */
  readonly histories = new Map<number, History>()
  readonly #look: () => Promise<Committed>
  #committed: Committed | null = null
  #stale = false

  private constructor(look: () => Promise<Committed>) {
    this.#look = look
  }

  /** `look` connects to the store, now and after each restore. */
  static async open(look: () => Promise<Committed>, epoch: number): Promise<Truth> {
    const truth = new Truth(look)
    await truth.#begin(epoch, null)
    return truth
  }

  get now(): History {
    const last = [...this.histories.values()].at(-1)
    if (!last) throw new Error('The truth has no history.')
    return last
  }

  /** Something may have been committed. */
  touch(): void {
    this.#stale = true
  }

  /** Reads what was committed since. */
  async refresh(): Promise<void> {
    if (!this.#stale || !this.#committed) return
    this.#stale = false
    for (const stream of await this.#committed.streams((row) => this.#historyOf(row).head))
      this.#add(stream)
  }

  #add(stream: CommittedStream): void {
    const history = this.#historyOf(stream)
    if (history.head >= stream.seq) return
    for (const event of stream.events) history.add(event)
    if (history.head !== stream.seq)
      throw new Violation(
        'I-3',
        `stream ${stream.id} is at ${stream.seq}, but its events end at ${history.head}`,
      )
  }

  /** The store is about to be replaced. */
  async close(): Promise<void> {
    await this.#committed?.close()
    this.#committed = null
  }

  /** The store was put back to an earlier state and begins a new epoch: what came later never happened. */
  rewritten(epoch: number): Promise<void> {
    return this.#begin(epoch, this.now)
  }

  async #begin(epoch: number, before: History | null): Promise<void> {
    this.#committed = await this.#look()
    this.histories.set(epoch, { epoch, channels: new Map(), own: new Map() })
    for (const stream of await this.#committed.streams(({ seq }) => seq)) {
      const history = this.#historyOf(stream)
      const earlier = before ? find(before, stream) : undefined
      for (const event of earlier?.events.slice(0, stream.seq) ?? []) history.add(event)
    }
    this.#stale = true
    await this.refresh()
  }

  #historyOf(stream: StreamRow): ChannelHistory | OwnHistory {
    const known = find(this.now, stream)
    if (known) return known
    const { channels, own } = this.now
    if (stream.owner === 'channel') {
      const made = new ChannelHistory(stream.id)
      channels.set(made.id, made)
      return made
    }
    const made = new OwnHistory(stream.userId ?? '')
    own.set(made.userId, made)
    return made
  }
}

const find = ({ channels, own }: History, stream: StreamRow) =>
  stream.owner === 'channel' ? channels.get(stream.id) : own.get(stream.userId ?? '')
