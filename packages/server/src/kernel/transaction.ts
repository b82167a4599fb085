import type { DataOf, MessagePreview, StreamEvent } from '@tertulia/protocol'
import type {
  AccessChange,
  Announcement,
  PassingAnnouncement,
  StreamAnnouncement,
  ValueAnnouncement,
} from '../ports/bus.ts'
import type { Changes, Value } from '../store/engine.ts'
import { LOCKED_ROWS, LockedRows } from '../store/lockedRows.ts'
import { type Compiled, DIALECT, statement } from '../store/statement.ts'
import { type AuditEntry, appendAudit } from './audit.ts'
import { outboxRowOf, putOutbox } from './outbox.ts'
import type { IdSource } from './snowflake.ts'
import { inEpoch, lockState, type StreamState } from './streams.ts'

/** One place in a stream, taken under its lock. It must be announced before the commit, or there would be a hole. */
export interface Slot {
  readonly stream: string
  readonly prev: number
  readonly seq: number
  readonly epoch: number
}

export interface LockedStream {
  readonly id: string
  readonly seq: number
  readonly epoch: number
  /** Takes the next place. */
  take(): Slot
}

/** What goes with an event besides its data. */
export interface About {
  readonly by: string | null
  /** The seq of the message that it is about, so that members who do not see that message skip it. */
  readonly subjectSeq?: number
  readonly access?: readonly AccessChange[]
  readonly closes?: boolean
  readonly gate?: StreamAnnouncement['gate']
  readonly memberCount?: number
  readonly last?: MessagePreview | null
  /** When there is one more message to read. */
  readonly ordinal?: number
  /** When the channel was truncated up to there. */
  readonly floor?: number
  /** Names the thing that it is about: many events about it may be told as one, their `changes` put together. */
  readonly mergeKey?: string
  /** The event may be left out where too much comes, but never for this user (uid). */
  readonly omitBut?: string | undefined
  /** Names what it tells of, for later events that take it back. */
  readonly contentKey?: string
  /** Of these nothing older is told any more, if it still waits. */
  readonly takesBack?: readonly string[]
}

/** Tells the readers of a stream. Exists only inside a transaction and leaves with its commit. */
export type Announce = <E extends StreamEvent>(
  slot: Slot,
  event: E,
  data: DataOf<E>,
  about: About,
) => void

/** The one way to change anything. Statements take it as their database. */
export interface Tx extends Changes {
  /** ms, one moment for the whole transaction. */
  readonly now: number
  newId(): string
  /** Locks a stream until the commit. Rejects when there is none. Order: channels first, then users by uid. */
  lock(stream: string): Promise<LockedStream>
  /** The same for a stream that somebody asked for: null when there is none. */
  tryLock(stream: string): Promise<LockedStream | null>
  /** Runs right before the commit. Of several with the same name only the last one does. */
  atEnd(name: string, write: () => void): void
  /** Notes in the audit log what was done, if it is done. */
  audit(entry: AuditEntry): void
  /** Tells those who watch a channel now a value of somebody's, once this commits. It may be lost. */
  tell(value: Omit<ValueAnnouncement, 'kind'>): void
  /** Tells the companions of all nodes, once this commits. It may be lost. */
  pass(passing: Omit<PassingAnnouncement, 'kind'>): void
  /** Starts a stream with a first place to take. */
  startStream(id: string, owner: 'channel' | 'user'): LockedStream
}

const insertStream = statement<{ id: string; owner: 'channel' | 'user'; epoch: number }>()(
  (db, p) => db.insertInto('streams').values({ id: p.id, owner: p.owner, epoch: p.epoch, seq: 0 }),
)
const saveStream = statement<{ id: string; epoch: number; seq: number; marks: string }>()((db, p) =>
  db
    .updateTable('streams')
    .set({ epoch: p.epoch, seq: p.seq, marks: p.marks })
    .where('id', '=', p.id),
)

class OpenStream implements LockedStream {
  readonly id: string
  readonly owner: 'channel' | 'user'
  readonly epoch: number
  seq: number
  readonly #state: StreamState
  readonly #start: number

  constructor(state: StreamState) {
    this.id = state.id
    this.owner = state.owner
    this.epoch = state.epoch
    this.seq = state.seq
    this.#state = state
    this.#start = state.seq
  }

  take(): Slot {
    const prev = this.seq++
    return { stream: this.id, prev, seq: this.seq, epoch: this.epoch }
  }

  save(changes: Changes): void {
    if (this.seq === this.#start) return
    const { id, epoch, marks } = this.#state
    saveStream.put(changes, { id, epoch, seq: this.seq, marks: JSON.stringify(marks) })
  }
}

export interface TransactionOptions {
  readonly changes: Changes
  readonly now: number
  readonly ids: IdSource
  readonly epoch: number
}

/** The transaction of one batch of the write queue. Operations run in it one after another. */
export class Transaction implements Tx {
  readonly [DIALECT]: unknown
  readonly [LOCKED_ROWS] = new LockedRows()
  readonly now: number
  /** Whether anything was written since `clean` was called: then the operation cannot fail alone. */
  dirty = false
  readonly #options: TransactionOptions
  readonly #streams = new Map<string, OpenStream>()
  readonly #open = new Set<Slot>()
  readonly #atEnd = new Map<string, () => void>()
  readonly #audit: AuditEntry[] = []
  readonly #announcements: Announcement[] = []

  constructor(options: TransactionOptions) {
    this.#options = options
    this.now = options.now
    this[DIALECT] = (options.changes as unknown as { [DIALECT]: unknown })[DIALECT]
  }

  all<Row>(query: Compiled, values: readonly Value[]): Promise<Row[]> {
    return this.#options.changes.all<Row>(query, values)
  }

  run(query: Compiled, values: readonly Value[]): Promise<number> {
    this.dirty = true
    return this.#options.changes.run(query, values)
  }

  put(query: Compiled, values: readonly Value[]): void {
    this.dirty = true
    this.#options.changes.put(query, values)
  }

  newId(): string {
    return this.#options.ids.next()
  }

  async lock(id: string): Promise<LockedStream> {
    const stream = await this.tryLock(id)
    if (!stream) throw new Error(`There is no stream ${id}.`)
    return stream
  }

  async tryLock(id: string): Promise<LockedStream | null> {
    const known = this.#streams.get(id)
    if (known) return known
    const state = await lockState(this, id)
    return state && this.#remember(inEpoch(state, this.#options.epoch))
  }

  startStream(id: string, owner: 'channel' | 'user'): LockedStream {
    const { epoch } = this.#options
    insertStream.put(this, { id, owner, epoch })
    return this.#remember({ id, owner, epoch, seq: 0, floor: 0, marks: [] })
  }

  #remember(state: StreamState): OpenStream {
    const stream = new OpenStream(state)
    const take = stream.take.bind(stream)
    stream.take = () => {
      const slot = take()
      this.dirty = true
      this.#open.add(slot)
      return slot
    }
    this.#streams.set(state.id, stream)
    this[LOCKED_ROWS].begin(state.id)
    return stream
  }

  atEnd(name: string, write: () => void): void {
    this.dirty = true
    this.#atEnd.set(name, write)
  }

  audit(entry: AuditEntry): void {
    this.dirty = true
    this.#audit.push(entry)
  }

  readonly announce: Announce = (slot, event, data, about) => {
    const stream = this.#streams.get(slot.stream)
    if (!stream || !this.#open.delete(slot))
      throw new Error(`${event.name} was announced without a place.`)
    if (stream.owner !== event.stream)
      throw new Error(`${event.name} does not belong in a ${stream.owner} stream.`)
    const announcement: StreamAnnouncement = {
      kind: 'event',
      stream: slot.stream,
      owner: stream.owner,
      epoch: slot.epoch,
      prev: slot.prev,
      seq: slot.seq,
      frame: frameOf(slot, event, { at: this.now, by: about.by, data, owner: stream.owner }),
      subjectSeq: about.subjectSeq ?? null,
      access: about.access ?? [],
      closes: about.closes ?? false,
      gate: about.gate ?? null,
      memberCount: about.memberCount ?? 0,
      last: about.last ?? null,
      ordinal: about.ordinal ?? null,
      floor: about.floor ?? null,
      mergeKey: about.mergeKey ?? null,
      omission: about.omitBut === undefined ? null : { at: this.now, butFor: about.omitBut },
      contentKey: about.contentKey,
      takesBack: about.takesBack,
    }
    putOutbox(this, outboxRowOf(announcement, this.now))
    this.#announcements.push(announcement)
  }

  tell(value: Omit<ValueAnnouncement, 'kind'>): void {
    this.dirty = true
    this.#announcements.push({ kind: 'value', ...value })
  }

  /** Ends connections of a user once this commits. */
  disconnect(uid: string, code: 4401 | 4403, issuedUntil: number | null): void {
    this.dirty = true
    this.#announcements.push({ kind: 'disconnect', uid, code, issuedUntil })
  }

  pass(passing: Omit<PassingAnnouncement, 'kind'>): void {
    this.dirty = true
    this.#announcements.push({ kind: 'passing', ...passing })
  }

  /** Writes what was held back. Returns what to announce after the commit. */
  async finish(): Promise<readonly Announcement[]> {
    if (this.#open.size > 0) throw new Error('A place in a stream was taken and not announced.')
    for (const write of this.#atEnd.values()) write()
    for (const stream of this.#streams.values()) stream.save(this)
    if (this.#audit.length > 0) await appendAudit(this, this.#audit, this.now)
    return this.#announcements
  }
}

interface Telling {
  readonly at: number
  readonly by: string | null
  readonly data: unknown
  readonly owner: 'channel' | 'user'
}

/** The bytes that every recipient gets: built once, kept in the outbox, sent as they are. */
const frameOf = (slot: Slot, event: StreamEvent, telling: Telling): string =>
  JSON.stringify({
    type: 'event',
    channel: telling.owner === 'user' ? '@me' : slot.stream,
    epoch: slot.epoch,
    prev: slot.prev,
    seq: slot.seq,
    at: telling.at,
    name: event.name,
    by: telling.by,
    data: telling.data,
  })
