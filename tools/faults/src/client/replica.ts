import type { ChannelSync, EventFrame, EventsFrame, Message } from '@tertulia/protocol'
import { brief, type Told } from '../history/record.ts'

export const toldOf = ({ id, seq, version, clientId, text }: Message): Told => ({
  id,
  seq,
  version,
  clientId,
  text: text === null ? null : brief(text),
})

/** The message of a `message.*` event. */
export const messageOf = ({
  name,
  data,
}: {
  readonly name: string
  readonly data: object
}): Message | null =>
  name.startsWith('message.') ? (data as { readonly message: Message }).message : null

/** What one client believes of one channel, by the rules of the wire: follow the chain, else ask. */
export class Replica {
  readonly channel: string
  cursor: { readonly epoch: number; readonly seq: number } | null = null
  /** The lowest seq from which on everything is held; older pages are missing while it is above 0. */
  from = 0
  readonly #messages = new Map<string, Told>()
  #seen = 0
  #broken = false

  constructor(channel: string) {
    this.channel = channel
  }

  /** Whether something is known to be missing: sync. */
  get isBehind(): boolean {
    return this.cursor === null || this.#broken || this.#seen > this.cursor.seq
  }

  get messages(): readonly Told[] {
    return [...this.#messages.values()]
  }

  /** The head of the stream, as somebody told it. */
  see(seq: number): void {
    this.#seen = Math.max(this.#seen, seq)
  }

  hear(frame: EventFrame | EventsFrame): void {
    this.see(frame.seq)
    const { cursor } = this
    if (!cursor) return
    if (frame.epoch !== cursor.epoch) this.#broken = true
    else if (frame.prev === cursor.seq) {
      this.cursor = { epoch: frame.epoch, seq: frame.seq }
      for (const event of frame.type === 'event' ? [frame] : frame.events)
        this.#put(messageOf(event))
    }
  }

  /** Takes an answer about this channel. */
  take(sync: ChannelSync): void {
    switch (sync.status) {
      case 'same':
        this.#reach(sync.epoch, sync.seq)
        break
      case 'head':
        this.see(sync.seq)
        this.#broken ||= sync.epoch !== this.cursor?.epoch
        break
      case 'delta':
        for (const message of sync.messages) this.#put(message)
        this.#reach(sync.epoch, sync.through)
        break
      case 'reset':
        this.#messages.clear()
        this.#seen = sync.through
        this.from = sync.hasOlder ? (sync.messages[0]?.seq ?? 0) : 0
        for (const message of sync.messages) this.#put(message)
        this.#reach(sync.epoch, sync.through)
        break
      case 'gone':
        this.#messages.clear()
        this.#reach(this.cursor?.epoch ?? 1, this.#seen)
    }
  }

  /** Takes a page of older messages. */
  takeOlder(messages: readonly Message[], hasOlder: boolean): void {
    for (const message of messages) this.#put(message)
    this.from = hasOlder ? (messages[0]?.seq ?? 0) : 0
  }

  #reach(epoch: number, seq: number): void {
    this.cursor = { epoch, seq }
    this.#broken = false
  }

  #put(message: Message | null): void {
    if (!message) return
    const known = this.#messages.get(message.id)
    if (!known || known.version < message.version) this.#messages.set(message.id, toldOf(message))
  }
}
