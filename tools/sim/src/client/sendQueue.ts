import {
  type Cursor,
  type ErrorCode,
  errorTable,
  type Message,
  type OutputOf,
  type sendMessage,
} from '@tertulia/protocol'
import { BackOff } from './backOff.ts'
import type { Arrival } from './channelCopy.ts'
import type { Outcome, Surroundings } from './surroundings.ts'

/** A message that is not known to be in the channel yet. */
export interface Entry {
  readonly channelId: string
  readonly clientId: string
  readonly text: string
  state: 'waiting' | 'sent' | 'answered'
  /** Of the answer: where the message stands. */
  at: Cursor | null
}

export interface SendQueueOptions {
  readonly surroundings: Pick<Surroundings, 'after' | 'fraction' | 'newClientId'>
  readonly send: (entry: Entry, done: (outcome: Outcome) => void) => void
  readonly answered: (entry: Entry, message: Message, at: Cursor) => void
  /** Whether the streams were asked for since the connection was lost. */
  readonly isCaughtUp: () => boolean
  readonly failed: (entry: Entry, code: string) => void
}

/** The messages of one device on their way: section 9 of the specification. Kept over restarts. */
export class SendQueue {
  entries: readonly Entry[] = []
  readonly #options: SendQueueOptions
  readonly #backOff: BackOff
  /** Entries whose answer is awaited, or whose next try is, with the try. */
  #busy = new Map<Entry, object>()

  constructor(options: SendQueueOptions) {
    this.#options = options
    this.#backOff = new BackOff(() => options.surroundings.fraction())
  }

  add(channelId: string, text: string): Entry {
    const clientId = this.#options.surroundings.newClientId()
    const entry: Entry = { channelId, clientId, text, state: 'waiting', at: null }
    this.entries = [...this.entries, entry]
    this.pump()
    return entry
  }

  /** One send per channel is unanswered at a time, so that the own order survives retries (SEND-2). */
  pump(): void {
    const channels = new Set(this.entries.map(({ channelId }) => channelId))
    for (const channelId of channels) {
      const own = this.entries.filter((entry) => entry.channelId === channelId)
      const next = own.find((entry) => entry.state !== 'answered' && !this.#busy.has(entry))
      if (next && this.mayFollow(own, next)) this.#send(next)
    }
  }

  /** What was answered in a history that is gone must go out again first (SEND-2). */
  protected mayFollow(own: readonly Entry[], _next: Entry): boolean {
    if (own.some((entry) => this.#busy.has(entry))) return false
    return this.#options.isCaughtUp() || !own.some(({ state }) => state === 'answered')
  }

  #send(entry: Entry): void {
    const attempt = {}
    this.#busy.set(entry, attempt)
    entry.state = 'sent'
    this.#options.send(entry, (outcome) => {
      if (this.#busy.get(entry) !== attempt) return
      if (outcome.kind === 'answer') this.#take(entry, outcome.data as OutputOf<typeof sendMessage>)
      else if (outcome.kind === 'refusal' && isFinal(outcome.code)) this.#fail(entry, outcome.code)
      else this.#retry(entry, outcome.kind === 'refusal' ? outcome.retryAfterMs : 0)
    })
  }

  #take(entry: Entry, { message, epoch }: OutputOf<typeof sendMessage>): void {
    this.#busy.delete(entry)
    this.#backOff.reset()
    entry.state = 'answered'
    const at = { epoch, seq: message.seq }
    entry.at = at
    this.#options.answered(entry, message, at)
    this.pump()
  }

  #retry(entry: Entry, hint: number): void {
    const pause = {}
    this.#busy.set(entry, pause)
    entry.state = 'waiting'
    this.#options.surroundings.after(this.#backOff.next({ hint }), () => {
      if (this.#busy.get(entry) !== pause) return
      this.#busy.delete(entry)
      this.pump()
    })
  }

  #fail(entry: Entry, code: string): void {
    this.#drop([entry])
    this.#options.failed(entry, code)
    this.pump()
  }

  #drop(gone: readonly Entry[]): void {
    this.entries = this.entries.filter((entry) => !gone.includes(entry))
    for (const entry of gone) this.#busy.delete(entry)
  }

  /** The copy of the channel reached this position. */
  settle(channelId: string, cursor: Cursor): void {
    this.#reopen(channelId, cursor.epoch)
    this.#drop(this.#answeredIn(channelId).filter((entry) => this.isSettled(entry, cursor)))
  }

  /** The copy of the channel does not follow it: the answer is all that comes. */
  settleAnswered(channelId: string): void {
    this.#drop(this.#answeredIn(channelId))
  }

  #answeredIn(channelId: string): readonly Entry[] {
    return this.entries.filter(
      (entry) => entry.channelId === channelId && entry.state === 'answered',
    )
  }

  /** By the answer, because after a delta or a reset the event never comes (APPLY-3). */
  protected isSettled({ at }: Entry, { epoch, seq }: Cursor): boolean {
    return at !== null && at.epoch === epoch && at.seq <= seq
  }

  /** A message with this client id is in the copy. */
  stored({ clientId }: Message, _arrival: Arrival): void {
    const found = this.entries.find((entry) => entry.clientId === clientId)
    if (!found) return
    this.#drop([found])
    this.pump()
  }

  /** The history was rewritten: what was answered before may be gone, so it is sent again (APPLY-8). */
  #reopen(channelId: string, epoch: number): void {
    const lost = this.#answeredIn(channelId).filter(({ at }) => at !== null && at.epoch < epoch)
    for (const entry of lost) {
      entry.state = 'waiting'
      entry.at = null
    }
    if (lost.length > 0) this.pump()
  }

  /** The channel is gone: what was not sent has failed (VIS-4). */
  purge(channelId: string): void {
    const gone = this.entries.filter((entry) => entry.channelId === channelId)
    this.#drop(gone)
    for (const entry of gone) if (entry.state !== 'answered') this.#options.failed(entry, 'purged')
  }

  /** The app was closed: the outcome of what was on its way is not known. */
  forget(): void {
    this.#busy = new Map()
    for (const entry of this.entries) if (entry.state === 'sent') entry.state = 'waiting'
  }
}

const isFinal = (code: string): boolean => errorTable[code as ErrorCode]?.retry !== 'later'
