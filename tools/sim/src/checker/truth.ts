import { DatabaseSync } from 'node:sqlite'
import type { Channel, Me, Member, Message, User } from '@tertulia/protocol'
import { ChannelHistory } from './channelHistory.ts'
import { OwnHistory } from './ownHistory.ts'
import { Violation } from './violation.ts'

/** A committed event with its exact bytes. */
export interface LoggedEvent {
  readonly seq: number
  readonly epoch: number
  readonly name: string
  readonly frame: string
  readonly data: {
    readonly message?: Message
    readonly member?: Member
    readonly channel?: Channel
    readonly channelId?: string
    readonly me?: Me
    readonly user?: User
    readonly memberCount?: number
  }
}

/** All streams in one epoch of the store. */
export interface History {
  readonly epoch: number
  readonly channels: Map<string, ChannelHistory>
  /** By the app's id of the user. */
  readonly own: Map<string, OwnHistory>
}

interface StreamRow {
  readonly id: bigint
  readonly owner: 'channel' | 'user'
  readonly userId: string | null
  readonly seq: number
}

/**
 * What is committed, read from the store by a connection of its own. Nothing here trusts what the server says of
 * itself.
 */
export class Truth {
  /** By epoch, the present one last. */
  readonly histories = new Map<number, History>()
  readonly #file: string
  #store: Store
  #stale = false
  #isOpen = true

  constructor(file: string, epoch: number) {
    this.#file = file
    this.#store = openStore(file)
    this.#begin(epoch, null)
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

  /** Reads what was committed since. Call it when no transaction is open. */
  refresh(): void {
    if (!this.#stale || !this.#isOpen) return
    this.#stale = false
    for (const stream of this.#store.streams()) {
      const history = this.#historyOf(stream)
      if (history.head >= stream.seq) continue
      for (const event of this.#store.eventsAfter(stream.id, history.head)) history.add(event)
      if (history.head !== stream.seq)
        throw new Violation(
          'I-3',
          `stream ${stream.id} is at ${stream.seq}, but its events end at ${history.head}`,
        )
    }
  }

  /** The file is about to be replaced. */
  close(): void {
    this.#isOpen = false
    this.#store.close()
  }

  /** The store was put back to an earlier state and begins a new epoch: what came later never happened. */
  rewritten(epoch: number): void {
    const before = this.now
    this.#store = openStore(this.#file)
    this.#isOpen = true
    this.#begin(epoch, before)
  }

  #begin(epoch: number, before: History | null): void {
    this.histories.set(epoch, { epoch, channels: new Map(), own: new Map() })
    for (const stream of this.#store.streams()) {
      const history = this.#historyOf(stream)
      const earlier = before ? find(before, stream) : undefined
      for (const event of earlier?.events.slice(0, stream.seq) ?? []) history.add(event)
    }
    this.#stale = true
    this.refresh()
  }

  #historyOf(stream: StreamRow): ChannelHistory | OwnHistory {
    const known = find(this.now, stream)
    if (known) return known
    const { channels, own } = this.now
    if (stream.owner === 'channel') {
      const made = new ChannelHistory(String(stream.id))
      channels.set(made.id, made)
      return made
    }
    const made = new OwnHistory(stream.userId ?? '')
    own.set(made.userId, made)
    return made
  }
}

const find = ({ channels, own }: History, stream: StreamRow) =>
  stream.owner === 'channel' ? channels.get(String(stream.id)) : own.get(stream.userId ?? '')

interface Store {
  streams(): StreamRow[]
  eventsAfter(stream: bigint, seq: number): LoggedEvent[]
  close(): void
}

/** Ids are larger than a JS number holds, so everything is read as big integers. */
function openStore(file: string): Store {
  const db = new DatabaseSync(file)
  const streams = db.prepare(
    'SELECT s.id, s.owner, u.id AS userId, s.seq FROM streams s LEFT JOIN users u ON u.uid = s.id',
  )
  const events = db.prepare('SELECT frame FROM outbox WHERE stream_id = ? AND seq > ? ORDER BY seq')
  streams.setReadBigInts(true)
  return {
    streams: () =>
      streams.all().map((row) => ({ ...(row as unknown as StreamRow), seq: Number(row['seq']) })),
    eventsAfter: (stream, seq) =>
      events.all(stream, seq).map((row) => {
        const frame = String(row['frame'])
        const { epoch, name, data, ...told } = JSON.parse(frame) as LoggedEvent
        return { seq: told.seq, epoch, name, data, frame }
      }),
    close: () => db.close(),
  }
}
